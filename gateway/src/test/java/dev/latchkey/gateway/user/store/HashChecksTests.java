package dev.latchkey.gateway.user.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.user.Password;
import dev.latchkey.gateway.user.PasswordChecks;
import dev.latchkey.gateway.user.PasswordHash;
import dev.latchkey.gateway.user.TestUsers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/** A name that the store does not know costs as much as the costliest of those that it does. */
final class HashChecksTests {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String PREFIX = "{bcrypt}";

    private final List<String> costs = Collections.synchronizedList(new ArrayList<>());
    private final PasswordChecks checks = TestUsers.checks(new Recording());
    private final HashChecks hashes = new HashChecks(checks);

    @AfterEach
    void stop() {
        checks.destroy();
    }

    @Test
    void matchesWhenTheNameIsUnknownThenAHashIsCheckedThatCostsAsMuchAsAnyOther() {
        assertThat(matches(Optional.empty(), "any")).isFalse();
        assertThat(matches(hash(5), "right")).isTrue();
        assertThat(matches(Optional.empty(), "any")).isFalse();
        assertThat(matches(hash(9), "wrong")).isFalse();
        assertThat(matches(Optional.empty(), "right")).isFalse();
        assertThat(matches(hash(5), "right")).isTrue();
        assertThat(matches(Optional.empty(), "right")).isFalse();
        assertThat(costs)
                .as("what was known at first, the only cost, the costlier one, and that it stays")
                .containsExactly("$10$", "$05$", "$05$", "$09$", "$09$", "$05$", "$09$");
    }

    private boolean matches(Optional<PasswordHash> hash, String password) {
        return hashes.matches(hash, new Password(password)).blockOptional(LIMIT).orElseThrow();
    }

    private static Optional<PasswordHash> hash(int cost) {
        return Optional.of(PasswordHash.parse(PREFIX + new BCryptPasswordEncoder(cost).encode("right")));
    }

    /** Checks as much as ever, and notes how costly each hash was. */
    private final class Recording implements PasswordEncoder {

        private final PasswordEncoder bcrypt = new BCryptPasswordEncoder();

        @Override
        public @Nullable String encode(@Nullable CharSequence password) {
            return bcrypt.encode(password);
        }

        @Override
        public boolean matches(@Nullable CharSequence password, @Nullable String stored) {
            String hash = String.valueOf(stored).substring(PREFIX.length());
            costs.add(hash.substring(3, 7));
            return bcrypt.matches(password, hash);
        }
    }
}
