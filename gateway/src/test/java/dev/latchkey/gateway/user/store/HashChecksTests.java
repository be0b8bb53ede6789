package dev.latchkey.gateway.user.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.user.Password;
import dev.latchkey.gateway.user.PasswordChecks;
import dev.latchkey.gateway.user.PasswordHash;
import dev.latchkey.gateway.user.TestChecks;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

final class HashChecksTests {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Password RIGHT = new Password("right");
    private static final PasswordHash QUICK =
            PasswordHash.parse("{bcrypt}" + new BCryptPasswordEncoder(4).encode(RIGHT.value()));
    private static final PasswordHash SLOW = PasswordHash.dummy("pbkdf2_sha256$300000$");

    private final PasswordChecks checks = TestChecks.open(1);
    private final HashChecks hashes = new HashChecks(checks);

    @AfterEach
    void close() {
        checks.destroy();
    }

    @Test
    void matchesWhenThereIsAHashThenOnlyItsPasswordAndOfAnUnknownNameNone() {
        assertThat(matches(Optional.of(QUICK), RIGHT)).isTrue();
        assertThat(matches(Optional.of(QUICK), new Password("wrong"))).isFalse();
        assertThat(matches(Optional.empty(), RIGHT)).isFalse();
    }

    @Test
    void dummyWhenSomethingWasCheckedThenOfTheCostliestKindAndItStays() {
        assertThat(hashes.dummyCost()).isEqualTo(PasswordHash.USUAL_COST);
        matches(Optional.of(QUICK), RIGHT);
        assertThat(hashes.dummyCost()).isEqualTo(QUICK.cost());
        matches(Optional.of(SLOW), RIGHT);
        assertThat(hashes.dummyCost()).isEqualTo(SLOW.cost());
        matches(Optional.of(QUICK), RIGHT);
        assertThat(hashes.dummyCost()).isEqualTo(SLOW.cost());
    }

    /** After a start, a name that is not there must not answer sooner than one whose user did not come yet. */
    @Test
    void dummyWhenAHashWasOnlySeenThenOfItsCost() {
        hashes.seen(SLOW);
        await().atMost(LIMIT).until(() -> hashes.dummyCost().equals(SLOW.cost()));
    }

    private boolean matches(Optional<PasswordHash> hash, Password password) {
        return Boolean.TRUE.equals(hashes.matches(hash, password).block(LIMIT));
    }
}
