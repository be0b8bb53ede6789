import dev.latchkey.gateway.exchange.OutboundIdentity;
import dev.latchkey.gateway.keys.AccessTokenCodec;
import dev.latchkey.gateway.keys.Verification;
import dev.latchkey.gateway.pipeline.identity.IdentityPropagation;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.Audience;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.IdTokenClaims;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.TokenId;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;

/**
 * What a node remembers of live sessions, without the node: so many access tokens are verified and an identity token is
 * signed for each, then some of them again. Says what both cost and what the heap holds.
 */
public final class Caches {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final Audience AUDIENCE = new Audience("orders");
    private static final int AGAIN = 1000;
    private static final int WARM = 20_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final AccessTokenCodec codec;
    private final IdentityPropagation identities;

    private Caches(AccessTokenCodec codec, IdentityPropagation identities) {
        this.codec = codec;
        this.identities = identities;
    }

    /** Arguments: the keys folder, how many sessions, and megabytes of the heap that something else takes. */
    public static void main(String[] arguments) {
        int sessions = Integer.parseInt(arguments[1]);
        byte[][] ballast = new byte[Integer.parseInt(arguments[2])][1 << 20];
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource(
                            "caches",
                            Map.of(
                                    "latchkey.keys.directory", arguments[0],
                                    "latchkey.issuer", "https://shop.example",
                                    "latchkey.token.access-ttl", "1h")));
            context.register(Node.class);
            context.refresh();
            new Caches(context.getBean(AccessTokenCodec.class), context.getBean(IdentityPropagation.class))
                    .measure(sessions, context.getBean(MeterRegistry.class), ballast.length);
        }
    }

    private void measure(int sessions, MeterRegistry meters, int ballast) {
        long before = used();
        double miss = 0;
        List<AccessToken> kept = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            AccessToken token = codec.sign(claims(i));
            double cost = cost(token);
            miss += i < WARM ? 0 : cost;
            if (i % (sessions / AGAIN) == 0) {
                kept.add(token);
            }
        }
        for (int i = 0; i < 20; i++) {
            kept.forEach(this::cost);
        }
        double hit = kept.stream().mapToDouble(this::cost).sum();
        long taken = used() - before;
        double access = size(meters, "latchkey.access.tokens");
        double identity = size(meters, "latchkey.identity.tokens");
        System.out.printf(
                "JDK %s, heap %d MB, %d MB of it for others, %,d sessions: %,.0f access and %,.0f identity tokens are known,"
                        + " %,.0f MB or %.0f bytes a session; first request %.1f us, next %.1f us%n",
                System.getProperty("java.version"),
                Runtime.getRuntime().maxMemory() >> 20,
                ballast,
                sessions,
                access,
                identity,
                taken / 1e6,
                taken / Math.min(access, identity),
                miss / (sessions - WARM),
                hit / kept.size());
    }

    /** Of a request's part that this is about, in microseconds of processor time. */
    private double cost(AccessToken token) {
        long start = THREADS.getCurrentThreadCpuTime();
        Verification.Valid<AccessClaims> valid = (Verification.Valid<AccessClaims>) codec.verify(token);
        OutboundIdentity identity = identities.of(valid.claims(), AUDIENCE).block();
        if (identity == null || identity.token().isEmpty()) {
            throw new IllegalStateException("no identity token");
        }
        return (THREADS.getCurrentThreadCpuTime() - start) / 1000.0;
    }

    private static AccessClaims claims(int number) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        return new AccessClaims(
                new Subject("user" + number),
                SessionId.random(RANDOM),
                Generation.FIRST,
                TokenId.random(RANDOM),
                now,
                now.plusSeconds(3600),
                now,
                Roles.of(List.of("customer", "clerk")),
                IdTokenClaims.NONE,
                false,
                Optional.empty());
    }

    private static double size(MeterRegistry meters, String cache) {
        return meters.get("cache.size").tag("cache", cache).gauge().value();
    }

    private static long used() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Only what signs, verifies and remembers. */
    @Configuration(proxyBeanMethods = false)
    @ComponentScan({"dev.latchkey.gateway.keys", "dev.latchkey.gateway.pipeline.identity"})
    @ConfigurationPropertiesScan({
        "dev.latchkey.gateway.cache",
        "dev.latchkey.gateway.keys",
        "dev.latchkey.gateway.token"
    })
    static class Node {

        @Bean
        MeterRegistry meters() {
            return new SimpleMeterRegistry();
        }

        @Bean
        InstantSource clock() {
            return InstantSource.system();
        }
    }
}
