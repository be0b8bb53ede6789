package dev.latchkey.gateway.upstream;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.cache.CacheProperties;
import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.denylist.DenylistProperties;
import dev.latchkey.gateway.keys.SealingKeys;
import dev.latchkey.gateway.keys.SealingKeysOfTests;
import dev.latchkey.gateway.session.RedisSessionStore;
import dev.latchkey.gateway.session.RotationProperties;
import dev.latchkey.gateway.session.SessionRevoker;
import dev.latchkey.gateway.token.SessionProperties;
import dev.latchkey.gateway.token.TokenProperties;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.stereotype.Component;

/** The rooms that keep sessions and providers' tokens, wired as in the gateway. All nodes of a test share keys. */
final class UpstreamNode implements AutoCloseable {

    private static final SealingKeysOfTests KEYS = new SealingKeysOfTests(Duration.ofDays(30));

    private final ConfigurableApplicationContext context;

    private UpstreamNode(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /**
     * With a client of the provider that tests can steer.
     *
     * @param redis where it is, as properties
     */
    static UpstreamNode open(Map<String, Object> redis, ProviderClient providers) {
        return open(
                redis,
                (GenericApplicationContext context) -> context.registerBean(
                        "steered", ProviderClient.class, () -> providers, bean -> bean.setPrimary(true)));
    }

    /** With the gateway's own. */
    static UpstreamNode open(Map<String, Object> properties) {
        return open(properties, (GenericApplicationContext context) -> {});
    }

    private static UpstreamNode open(
            Map<String, Object> properties, ApplicationContextInitializer<GenericApplicationContext> more) {
        String[] arguments = properties.entrySet().stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .toArray(String[]::new);
        return new UpstreamNode(new SpringApplicationBuilder(Wiring.class)
                .web(WebApplicationType.NONE)
                .initializers(more)
                .run(arguments));
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    RedisSessionStore sessions() {
        return bean(RedisSessionStore.class);
    }

    SessionRevoker revoker() {
        return bean(SessionRevoker.class);
    }

    Denylist denylist() {
        return bean(Denylist.class);
    }

    Upstreams upstreams() {
        return bean(Upstreams.class);
    }

    /** How often refreshes of this node ended so. */
    double count(RefreshOutcome outcome) {
        return bean(MeterRegistry.class)
                .find("latchkey.upstream.refreshes")
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .counters()
                .stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    /** What this node's audit log says, an event a line. */
    Stream<String> audit() {
        return bean(Events.class).events.stream().map(event -> event.name() + event.facts());
    }

    @Override
    public void close() {
        context.close();
    }

    /** Not annotated as a configuration, so that no other test's scan finds it. */
    @ComponentScan(
            basePackages = {
                "dev.latchkey.gateway.logging",
                "dev.latchkey.gateway.redis",
                "dev.latchkey.gateway.denylist",
                "dev.latchkey.gateway.session",
                "dev.latchkey.gateway.provider",
                "dev.latchkey.gateway.upstream"
            },
            useDefaultFilters = false,
            includeFilters = {
                @ComponentScan.Filter(type = FilterType.REGEX, pattern = ".*\\.\\w+Configuration"),
                @ComponentScan.Filter(Component.class)
            })
    @ConfigurationPropertiesScan("dev.latchkey.gateway.provider")
    @ImportAutoConfiguration({DataRedisAutoConfiguration.class, SslAutoConfiguration.class})
    @EnableConfigurationProperties({
        TokenProperties.class,
        RotationProperties.class,
        SessionProperties.class,
        DenylistProperties.class,
        CacheProperties.class
    })
    static final class Wiring {

        @Bean
        MeterRegistry meters() {
            return new SimpleMeterRegistry();
        }

        @Bean
        InstantSource clock() {
            return Clock.systemUTC();
        }

        @Bean
        SealingKeys sealingKeys() {
            return KEYS.sealing();
        }

        @Bean
        Events auditLog() {
            return new Events();
        }
    }

    private static final class Events implements AuditLog {

        private final Queue<AuditEvent> events = new ConcurrentLinkedQueue<>();

        @Override
        public void record(AuditEvent event) {
            events.add(event);
        }
    }
}
