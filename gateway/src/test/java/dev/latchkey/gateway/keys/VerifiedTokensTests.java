package dev.latchkey.gateway.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.cache.CacheProperties;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.TestClaims;
import dev.latchkey.gateway.token.TokenId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

final class VerifiedTokensTests {

    private static final KeySets KEYS = TestKeys.rsaKeys().get();
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CacheProperties properties = new CacheProperties(DataSize.ofMegabytes(1));
    private final VerifiedTokens tokens = new VerifiedTokens(properties, Duration.ofMinutes(5), meters);

    @Test
    void findWhenAddedThenEveryClaimIsAsItWas() {
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            AccessClaims claims = claims(random);
            AccessToken token = new AccessToken("a.b." + i);
            tokens.add(token, KEYS, claims);
            assertThat(tokens.find(token, KEYS)).isEqualTo(claims);
        }
    }

    @Test
    void findWhenKeysAreOthersThenUnknown() {
        AccessToken token = new AccessToken("a.b.c");
        tokens.add(token, KEYS, claims(new Random(2)));

        assertThat(tokens.find(token, TestKeys.ecKeys().get())).isNull();
        assertThat(tokens.find(new AccessToken("a.b.d"), KEYS)).isNull();
    }

    @Test
    void addWhenThereIsNoMoreMemoryThenOthersGo() {
        Random random = new Random(3);
        for (int i = 0; i < 10_000; i++) {
            tokens.add(new AccessToken("a.b." + i), KEYS, claims(random));
        }

        double most = properties.accessTokens() / 320.0;
        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(size()).isBetween(most / 2, most));
    }

    /** Or users with many roles would take many times the memory that is set. */
    @Test
    void addWhenEachUserHasManyRolesOfTheirOwnThenTheyCount() {
        Random random = new Random(4);
        for (int i = 0; i < 2000; i++) {
            String user = "role-of-user-%04d-nr-".formatted(i);
            Roles roles =
                    Roles.of(IntStream.range(100, 150).mapToObj(nr -> user + nr).toList());
            tokens.add(new AccessToken("a.b." + i), KEYS, claims(random).sharing(roles));
        }

        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(50 * "role-of-user-0000-nr-000".length() * size())
                        .isLessThan((double) properties.accessTokens()));
    }

    private double size() {
        return meters.get("cache.size")
                .tag("cache", "latchkey.access.tokens")
                .gauge()
                .value();
    }

    private static AccessClaims claims(Random random) {
        Instant now = Instant.ofEpochSecond(1_800_000_000L + random.nextInt(1000));
        return TestClaims.access(
                new Subject("user" + random.nextInt()),
                SessionId.random(RANDOM),
                new Generation(1 + random.nextInt(1000)),
                TokenId.random(RANDOM),
                TestClaims.times(now, now.plusSeconds(300), now.plusMillis(random.nextInt(1000))),
                Roles.of(List.of("a" + random.nextInt(3), "b")));
    }
}
