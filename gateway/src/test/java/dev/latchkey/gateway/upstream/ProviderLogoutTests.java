package dev.latchkey.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.provider.ProviderUser;
import dev.latchkey.gateway.provider.TokenAnswer.Granted;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.RevokeOutcome;
import dev.latchkey.gateway.session.SessionView;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.upstream.Upstreams.BeginOutcome;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A logout at the provider ends what belongs to it, also a sign-in that is under way. */
final class ProviderLogoutTests {

    @RegisterExtension
    static final UpstreamWorld WORLD = new UpstreamWorld();

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final ProviderName OTHER = new ProviderName("other");

    private final StrictProvider provider = WORLD.provider();
    private final StrictProviderClient client = WORLD.client();
    private final UpstreamNode node = WORLD.node();
    private final RedisCommands<String, String> redis = WORLD.redis();

    @BeforeEach
    void forget() {
        redis.flushall();
    }

    @Test
    void logoutWhenOfASessionThereThenBothOfOursEndAndNoOther() {
        Granted granted = client.signIn("ada", Map.of());
        SessionView first = begun(granted);
        SessionView second = begun(granted);
        SessionView other = begun(client.signIn("ada", Map.of()));
        assertThat(end(StrictProviderClient.NAME, user(granted).sid(), Optional.empty()))
                .isEqualTo(RevokeOutcome.REVOKED);
        assertThat(ended(first)).isEqualTo("upstream");
        assertThat(ended(second)).isEqualTo("upstream");
        assertThat(ended(other)).isEmpty();
    }

    @Test
    void logoutWhenOfAUserThenAllOfThemEndAndNobodyElse() {
        SessionView first = begun(client.signIn("ada", Map.of()));
        SessionView second = begun(client.signIn("ada", Map.of()));
        SessionView eve = begun(client.signIn("eve", Map.of()));
        end(OTHER, Optional.empty(), Optional.of("ada"));
        assertThat(ended(first)).as("another provider's ada").isEmpty();
        end(StrictProviderClient.NAME, Optional.empty(), Optional.of("ada"));
        assertThat(ended(first)).isEqualTo("upstream");
        assertThat(ended(second)).isEqualTo("upstream");
        assertThat(ended(eve)).isEmpty();
    }

    @Test
    void logoutWhenNothingIsKnownThenNoError() {
        assertThat(end(StrictProviderClient.NAME, Optional.of("never-seen"), Optional.of("nobody")))
                .isEqualTo(RevokeOutcome.REVOKED);
    }

    /** The tokens are there, and the session is not listed yet. */
    @Test
    void signInWhenItsSessionWasLoggedOutMeanwhileThenItDoesNotBegin() {
        Granted granted = client.signIn("ada", Map.of());
        end(StrictProviderClient.NAME, user(granted).sid(), Optional.empty());
        SessionView view = ProviderSession.created(node, granted);
        assertThat(ProviderSession.begun(node, view, granted)).isEqualTo(BeginOutcome.LOGGED_OUT);
        assertThat(ended(view)).isEqualTo("upstream");
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> !provider.isGood(granted.tokens().refresh().orElseThrow()));
    }

    @Test
    void signInWhenItsUserWasLoggedOutMeanwhileThenOnlyALaterOneBegins() {
        Granted before = client.signIn("ada", Map.of());
        end(StrictProviderClient.NAME, Optional.empty(), Optional.of("ada"));
        SessionView view = ProviderSession.created(node, before);
        assertThat(ProviderSession.begun(node, view, before)).isEqualTo(BeginOutcome.LOGGED_OUT);
        ProviderUser signedInLater = user(before);
        ProviderUser later = new ProviderUser(
                signedInLater.provider(),
                signedInLater.sub(),
                signedInLater.sid(),
                signedInLater.localName(),
                signedInLater.name(),
                signedInLater.email(),
                signedInLater.roles(),
                Optional.of(Instant.now().plusSeconds(5)),
                signedInLater.acr());
        SessionView again = ProviderSession.created(node, before);
        assertThat(node.upstreams().begin(again, later, before).block(LIMIT)).isEqualTo(BeginOutcome.BEGUN);
    }

    /** An operator ends what there is. Who is signed in there is not locked out here. */
    @Test
    void signInWhenTheUsersSessionsWereEndedHereMeanwhileThenOnlyALaterOneBegins() {
        Granted granted = client.signIn("ada", Map.of());
        SessionView underWay = ProviderSession.created(node, granted);
        assertThat(node.upstreams()
                        .endUser(StrictProviderClient.NAME, "ada", RevocationReason.ENDED_BY_OPERATOR)
                        .block(LIMIT))
                .isEqualTo(RevokeOutcome.REVOKED);
        assertThat(ProviderSession.begun(node, underWay, granted)).isEqualTo(BeginOutcome.LOGGED_OUT);
        long ended = redisMillis();
        Awaitility.await().atMost(LIMIT).until(() -> redisMillis() > ended);
        Granted later = client.signInAgain();
        assertThat(ended(begun(later))).isEmpty();
    }

    private long redisMillis() {
        List<String> time = redis.time();
        return Long.parseLong(time.get(0)) * 1000 + Long.parseLong(time.get(1)) / 1000;
    }

    /** That the provider did it would be untrue: Redis failed. */
    @Test
    void signInWhenItCannotBeListedThenItsSessionIsEndedAndThatIsSaid() {
        Granted granted = client.signIn("ada", Map.of());
        SessionView view = ProviderSession.created(node, granted);
        redis.aclSetuser(
                "default",
                AclSetuserArgs.Builder.resetKeys()
                        .keyPattern("latchkey:session*")
                        .keyPattern("latchkey:upstream:*")
                        .keyPattern("latchkey:upstream-open:*")
                        .keyPattern("latchkey:denied:*")
                        .keyPattern("latchkey:ended:*"));
        try {
            assertThat(ProviderSession.begun(node, view, granted)).isEqualTo(BeginOutcome.UNAVAILABLE);
        } finally {
            redis.aclSetuser("default", AclSetuserArgs.Builder.allKeys());
        }
        assertThat(ended(view)).isEqualTo("sign-in-failed");
        assertThat(node.audit())
                .anyMatch(line -> line.startsWith("session-revoked")
                        && line.contains(view.id().publicId().value())
                        && line.contains("sign-in-failed"));
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> !provider.isGood(granted.tokens().refresh().orElseThrow()));
    }

    /** Redis must not become a list of who uses which provider. */
    @Test
    void keysWhenListedThenNothingSaysWhoItIs() {
        Granted granted = client.signIn("ada.lovelace", Map.of());
        begun(granted);
        assertThat(redis.keys("latchkey:upstream*"))
                .isNotEmpty()
                .noneMatch(key -> key.contains("lovelace")
                        || key.contains(user(granted).sid().orElseThrow()));
    }

    private SessionView begun(Granted granted) {
        SessionView view = ProviderSession.created(node, granted);
        assertThat(ProviderSession.begun(node, view, granted)).isEqualTo(BeginOutcome.BEGUN);
        return view;
    }

    private static ProviderUser user(Granted granted) {
        return StrictProviderClient.user(granted.tokens().idToken().orElseThrow());
    }

    private RevokeOutcome end(ProviderName name, Optional<String> sid, Optional<String> sub) {
        return node.upstreams().end(name, sid, sub).blockOptional(LIMIT).orElseThrow();
    }

    private String ended(SessionView view) {
        return ProviderSession.of(view, redis).ended();
    }
}
