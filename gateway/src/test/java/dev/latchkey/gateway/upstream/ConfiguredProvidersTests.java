package dev.latchkey.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.provider.Providers;
import dev.latchkey.gateway.session.ProviderClaims;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.StoredClaims;
import dev.latchkey.gateway.testing.ProviderTrouble;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The refresh with the gateway's own client of providers. */
final class ConfiguredProvidersTests {

    @RegisterExtension
    static final RedisProcess REDIS = RedisProcess.start();

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String PREFIX = "latchkey.providers.strict.";

    private static StrictProvider provider;
    private static StrictProviderClient browser;
    private static UpstreamNode node;
    private static RedisClient connection;
    private static RedisCommands<String, String> redis;
    private ProviderSession session;

    @BeforeAll
    static void open(@TempDir Path folder) throws IOException {
        provider = new StrictProvider();
        browser = new StrictProviderClient(provider);
        Path secret = Files.writeString(folder.resolve("secret"), StrictProvider.SECRET);
        node = UpstreamNode.open(Map.of(
                "spring.data.redis.host",
                "127.0.0.1",
                "spring.data.redis.port",
                REDIS.port(),
                PREFIX + "issuer",
                provider.issuer(),
                PREFIX + "client-id",
                StrictProvider.CLIENT,
                PREFIX + "client-secret-file",
                secret,
                PREFIX + "user-info",
                "true"));
        await(() -> assertThat(node.bean(Providers.class).all()).allMatch(each -> each.isReady()));
        connection = RedisClient.create(REDIS.uri());
        redis = connection.connect().sync();
    }

    @AfterAll
    static void close() {
        connection.shutdown();
        node.close();
        provider.close();
    }

    @BeforeEach
    void begin() {
        provider.heal();
        provider.behave(behaviour -> behaviour.idTokenClaims(Map.of()));
        session = ProviderSession.begin(node, browser, redis, Map.of("roles", List.of("staff")));
        provider.received().clear();
    }

    @Test
    void refreshWhenDueThenStoredAndJudgedAndTheNextOneWorks() {
        provider.signIn("ada", Map.of("roles", List.of("staff")));
        for (int number = 2; number <= 3; number++) {
            int expected = number;
            session.becomeDue();
            session.rotated(node);
            await(() -> assertThat(session.number()).isEqualTo(expected));
            await(() -> assertThat(node.bean(UpstreamRefresh.class).inFlight()).isZero());
        }
        assertThat(session.recorded("claims")).contains("staff");
        assertThat(provider.tokenRequests("refresh_token")).isEqualTo(2);
        assertThat(session.ended()).isEmpty();
    }

    /** As at Keycloak, where another of its clients has had the user sign in again in the same session. */
    @Test
    void refreshWhenTheUserHasSignedInThereAgainThenTheSessionGoesOnAsItBegan() {
        Optional<Instant> signedIn = signedInAtProvider();
        long later = signedIn.orElseThrow().plusSeconds(5).getEpochSecond();
        provider.signIn("ada", Map.of());
        provider.behave(behaviour -> behaviour.idTokenClaims(Map.of("auth_time", later, "roles", List.of("guest"))));
        session.becomeDue();
        session.rotated(node);
        await(() -> assertThat(session.number()).isEqualTo(2));
        await(() -> assertThat(node.bean(UpstreamRefresh.class).inFlight()).isZero());
        assertThat(session.ended()).isEmpty();
        assertThat(session.recorded("claims")).contains("guest").doesNotContain("staff");
        assertThat(signedInAtProvider()).isEqualTo(signedIn);
        assertThat(provider.received("/revoke")).isEmpty();
    }

    private Optional<Instant> signedInAtProvider() {
        return StoredClaims.parse(session.recorded("claims"))
                .flatMap(StoredClaims::provider)
                .flatMap(ProviderClaims::authTime);
    }

    /** A connection that closes after the request makes careless clients send it again. */
    @Test
    void refreshWhenTheConnectionClosesAfterTheRequestThenItWasSentOnce() {
        provider.next("/token", ProviderTrouble.closes());
        double unknown = node.count(RefreshOutcome.UNKNOWN);
        session.becomeDue();
        session.rotated(node);
        await(() -> assertThat(node.count(RefreshOutcome.UNKNOWN)).isEqualTo(unknown + 1));
        assertThat(provider.tokenRequests("refresh_token")).isEqualTo(1);
        assertThat(session.ended()).isEmpty();
    }

    @Test
    void refreshWhenTheUserInfoFailsThenTheSessionGoesOnWithWhatWasSaid() {
        provider.signIn("ada", Map.of());
        provider.always("/userinfo", ProviderTrouble.error(500, "server_error"));
        session.becomeDue();
        session.rotated(node);
        await(() -> assertThat(session.number()).isEqualTo(2));
        await(() -> assertThat(node.bean(UpstreamRefresh.class).inFlight()).isZero());
        assertThat(provider.received("/userinfo")).hasSize(1);
        assertThat(session.recorded("claims")).contains("staff");
        assertThat(session.ended()).isEmpty();
    }

    @Test
    void sessionWhenItEndsThenItsRefreshTokenIsRevokedThere() {
        node.revoker()
                .revoke(session.view().subject(), session.id(), RevocationReason.SIGNED_OUT)
                .block(LIMIT);
        await(() -> assertThat(provider.received("/revoke")).hasSize(1));
    }

    private static void await(ThrowingRunnable condition) {
        Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).untilAsserted(condition);
    }
}
