package dev.latchkey.gateway.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.keys.KeyDirectory.GeneratedKeys;
import dev.latchkey.gateway.keys.Verification.InvalidTokenReason;
import dev.latchkey.gateway.reload.ReloadableFile;
import dev.latchkey.gateway.testing.TestClock;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.Audience;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.RefreshToken;
import dev.latchkey.gateway.token.SessionId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes on one folder that look at it at different times, and one clock for both. */
final class KeyRollOverTests {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final IdentityAlgorithm ES256 = IdentityAlgorithm.ES256;

    @TempDir
    private Path folder;

    private final TestClock clock = new TestClock(START);
    private Node early;
    private Node late;

    @BeforeEach
    void startTwoNodesOnOneSet() {
        KeyDirectory.create(folder, ES256, clock);
        early = new Node(folder, clock);
        late = new Node(folder, clock);
    }

    @Test
    void verifyWhenNodesSeeNewKeyAtDifferentTimesThenBothBelieveBothAtAllTimes() {
        GeneratedKeys next = KeyDirectory.create(folder, ES256, clock);
        early.poll();
        List<AccessToken> accessTokens = new ArrayList<>();
        List<RefreshToken> refreshTokens = new ArrayList<>();
        for (int minute = 0; minute <= 40; minute++) {
            clock.moveTo(START.plus(Duration.ofMinutes(minute)));
            if (minute == 9) {
                late.poll();
            }
            for (Node node : List.of(early, late)) {
                accessTokens.add(node.access.sign(TestTokens.accessClaims(clock.instant())));
                refreshTokens.add(node.refresh.sign(refreshClaims()));
            }
            for (Node node : List.of(early, late)) {
                accessTokens.forEach(token -> assertThat(believes(node, token)).isTrue());
                refreshTokens.forEach(token -> assertThat(believes(node, token)).isTrue());
            }
            accessTokens.removeIf(token -> hasExpired(token));
        }
        assertThat(next.ids()).contains(kid(early), kid(late));
    }

    @Test
    void signWhenActivateAtComesThenNewKeyFromThatInstant() {
        GeneratedKeys next = KeyDirectory.create(folder, ES256, clock);
        early.poll();

        clock.moveTo(next.activateAt().minusMillis(1));
        String before = kid(early);
        clock.moveTo(next.activateAt());
        String after = kid(early);

        assertThat(next.activateAt()).isEqualTo(START.plus(Duration.ofMinutes(10)));
        assertThat(before).isNotEqualTo(after);
        assertThat(next.ids()).contains(after).doesNotContain(before);
    }

    /** The published copy that a backend holds may be as old as max-age, plus two looks of a node that looks seldom. */
    @Test
    void publishedWhenNewKeyWaitsThenLongerThanAnyCopyLives() {
        GeneratedKeys next = KeyDirectory.create(folder, ES256, clock);
        early.poll();

        assertThat(kids(early)).containsAll(next.ids().subList(2, 3));
        assertThat(Duration.between(START, next.activateAt()))
                .isGreaterThan(JwksEndpoint.MAX_AGE.plus(Duration.ofMinutes(2)));
    }

    @Test
    void verifyWhenLastTokenOfOldKeyExpiredThenOldKeyHasRetired() {
        AccessToken access = early.access.sign(TestTokens.accessClaims(clock.instant()));
        RefreshToken refresh = early.refresh.sign(refreshClaims());
        GeneratedKeys next = KeyDirectory.create(folder, ES256, clock);
        early.poll();

        clock.moveTo(next.activateAt().plus(TestKeys.LIVES.access()).minusMillis(1));
        assertThat(early.access.verify(access)).isInstanceOf(Verification.Expired.class);
        clock.moveTo(next.activateAt().plus(TestKeys.LIVES.access()));
        assertThat(early.access.verify(access)).isEqualTo(new Verification.Invalid<>(InvalidTokenReason.FOREIGN_KEY));
        assertThat(early.refresh.verify(refresh)).isInstanceOf(Verification.Valid.class);
        clock.moveTo(next.activateAt().plus(TestKeys.LIVES.refresh()));
        assertThat(early.refresh.verify(refresh)).isEqualTo(new Verification.Invalid<>(InvalidTokenReason.FOREIGN_KEY));
    }

    @Test
    void publishedWhenOldIdentityTokensExpiredThenOnlyNewKey() {
        GeneratedKeys next = KeyDirectory.create(folder, ES256, clock);
        early.poll();

        clock.moveTo(next.activateAt().plus(TestKeys.LIVES.identity()).minusMillis(1));
        assertThat(kids(early)).hasSize(2);
        clock.moveTo(next.activateAt().plus(TestKeys.LIVES.identity()));
        assertThat(kids(early)).isEqualTo(next.ids().subList(2, 3));
    }

    @Test
    void isOursWhenKeyRetiredThenStillRecognized() {
        String identity = early.identity
                .sign(TestTokens.identityClaims(new Audience("orders"), clock.instant()))
                .value();
        KeyDirectory.create(folder, ES256, clock);
        early.poll();
        clock.moveTo(START.plus(Duration.ofDays(40)));

        assertThat(early.recognizer.isOurs(identity)).isTrue();
    }

    @Test
    void signWhenSetIsMadeForAtOnceThenEarlierPendingSetTakesOverLater() {
        GeneratedKeys pending = KeyDirectory.create(folder, ES256, clock);
        GeneratedKeys urgent = KeyDirectory.create(
                folder, Optional.of(ES256), clock, Optional.of(clock.instant().plusSeconds(1)));
        early.poll();

        clock.moveTo(urgent.activateAt());
        assertThat(urgent.ids()).contains(kid(early));
        clock.moveTo(pending.activateAt());
        assertThat(pending.ids()).contains(kid(early));
    }

    @Test
    void signWhenClockRunsBehindTheVeryFirstSetThenItSignsAllTheSame() {
        clock.moveTo(START.minusSeconds(30));

        assertThat(believes(late, early.access.sign(TestTokens.accessClaims(clock.instant()))))
                .isTrue();
    }

    @Test
    void pollWhenFileIsRemovedThenItsTokensAreRefusedAtOnce() throws Exception {
        AccessToken token = early.access.sign(TestTokens.accessClaims(clock.instant()));
        GeneratedKeys next = KeyDirectory.create(folder, ES256, clock);
        try (var files = Files.list(folder)) {
            for (Path file : files.filter(file -> !file.equals(next.file())).toList()) {
                Files.delete(file);
            }
        }
        early.poll();

        assertThat(early.access.verify(token)).isEqualTo(new Verification.Invalid<>(InvalidTokenReason.FOREIGN_KEY));
        assertThat(next.ids()).contains(kid(early));
    }

    private RefreshClaims refreshClaims() {
        return TestTokens.refreshClaims(SessionId.random(new SecureRandom()), Generation.FIRST, clock.instant());
    }

    private static boolean believes(Node node, AccessToken token) {
        return node.access.verify(token) instanceof Verification.Valid;
    }

    private static boolean believes(Node node, RefreshToken token) {
        return node.refresh.verify(token) instanceof Verification.Valid;
    }

    /** By the next minute. */
    private boolean hasExpired(AccessToken token) {
        return early.access
                .verify(token)
                .fold(valid -> endsWithin(valid.claims(), Duration.ofMinutes(1)), expired -> true, invalid -> false);
    }

    private boolean endsWithin(AccessClaims claims, Duration time) {
        return !claims.expiresAt().isAfter(clock.instant().plus(time));
    }

    private static List<String> kids(Node node) {
        return node.keys.current().published(node.clock.instant()).stream()
                .map(TimedKey::id)
                .toList();
    }

    private static String kid(Node node) {
        return node.keys.current().access().signing(node.clock).id();
    }

    private static final class Node {

        private final InstantSource clock;
        private final ReloadableFile<KeySets> keys;
        private final AccessTokenCodec access;
        private final RefreshTokenCodec refresh;
        private final IdentityTokenSigner identity;
        private final GatewayTokenRecognizer recognizer;

        Node(Path folder, InstantSource clock) {
            this.clock = clock;
            keys = TestKeys.follow(folder, ES256);
            access = new AccessTokenCodec(
                    keys::current, TestTokens.ISSUER, clock, TestTokens.verified(new SimpleMeterRegistry()));
            refresh = new RefreshTokenCodec(keys::current, TestTokens.ISSUER, clock);
            identity = new IdentityTokenSigner(keys::current, TestTokens.ISSUER, clock);
            recognizer = new GatewayTokenRecognizer(keys::current, TestTokens.ISSUER);
        }

        /** Sees a change, and that it is at rest. */
        void poll() {
            keys.poll();
            keys.poll();
        }
    }
}
