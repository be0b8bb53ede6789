package dev.latchkey.gateway.session;

import static dev.latchkey.gateway.session.ScriptRig.GRACE;
import static dev.latchkey.gateway.session.ScriptRig.IDLE;
import static dev.latchkey.gateway.session.ScriptRig.KEY;
import static dev.latchkey.gateway.session.ScriptRig.SESSION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.redis.ScriptAnswer;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.Roles;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session's record says of its OpenID Provider, and what the rotation makes of it. */
final class ProviderSessionTests {

    @RegisterExtension
    static final ScriptRig RIG = new ScriptRig();

    private static final String UPSTREAM = SessionKeys.upstream(SESSION);

    /** How many parts the answer to a rotation had before there were providers. */
    private static final int LOCAL = 7;

    @Test
    void localSessionWhenRotatedThenItsRecordAndItsAnswerAreAsTheyWere() {
        assertThat(RIG.record())
                .containsOnlyKeys("sub", "gen", "created", "expires", "state", "claims", "agent", "address", "1");
        assertThat(RIG.record()).containsEntry("claims", "{\"stamp\":\"ZmVkY2JhOTg3NjU0\"}");
        RIG.pass(GRACE);
        assertThat(RIG.rotate(1, "a").size()).isEqualTo(LOCAL);
        assertThat(RIG.redis().exists(UPSTREAM)).isZero();
    }

    @Test
    void rotationWhenDueThenTheOneCallerThatRotatesIsToAskTheProvider() {
        begin(RIG.now() + GRACE, RIG.now());
        RIG.pass(GRACE - 1);
        assertThat(due(RIG.rotate(1, "a"))).as("young, and not due").isZero();
        RIG.pass(1);
        assertThat(due(RIG.rotate(1, "a"))).as("ROTATED").isEqualTo(1);
        assertThat(due(RIG.rotate(1, "a"))).as("REPLAYED").isZero();
        assertThat(due(RIG.rotate(2, "b"))).as("REPLAYED, an access token only").isZero();
        assertThat(RIG.rotate(2, "b").number(8)).as("the last good answer").isEqualTo(RIG.now() - GRACE);
        assertThat(RIG.rotate(2, "b").number(9)).as("no trouble").isZero();
    }

    @Test
    void rotationWhenNotDueThenNobodyAsks() {
        begin(RIG.now() + GRACE + 1, RIG.now());
        RIG.pass(GRACE);
        ScriptAnswer rotated = RIG.rotate(1, "a");
        assertThat(rotated.text(1)).isEqualTo("ROTATED");
        assertThat(due(rotated)).isZero();
    }

    /** Beyond the recheck every answer is a 503, so that no caller rotates any more: each one asks. */
    @Test
    void rotationWhenTheProviderIsInTroubleThenEachCallerIsToAsk() {
        begin(RIG.now(), RIG.now());
        RIG.redis().hset(KEY, "since", Long.toString(RIG.now()));
        ScriptAnswer replayed = RIG.rotate(1, "a");
        assertThat(replayed.text(1)).isEqualTo("REPLAYED");
        assertThat(due(replayed)).isEqualTo(1);
        assertThat(replayed.number(9)).isEqualTo(RIG.now());
    }

    @Test
    void rotationWhenItRenewsTheSessionThenAlsoWhatIsHeldOfTheProvider() {
        begin(RIG.now() + IDLE, RIG.now());
        RIG.redis().hset(UPSTREAM, "u", "1");
        RIG.redis().pexpire(UPSTREAM, 1_000);
        RIG.pass(GRACE);
        RIG.rotate(1, "a");
        assertThat(RIG.redis().pttl(UPSTREAM)).isBetween(IDLE - 60_000, IDLE);
    }

    /** It gave no refresh token, but its ID token is needed until the session ends. */
    @Test
    void rotationWhenTheProviderIsNeverAskedAgainThenWhatIsHeldOfItLivesOnAllTheSame() {
        RIG.redis().hset(UPSTREAM, "u", "1");
        RIG.redis().pexpire(UPSTREAM, 1_000);
        RIG.pass(GRACE);
        assertThat(RIG.row(1, "a")).isEqualTo("ROTATED+both of 2");
        assertThat(RIG.redis().pttl(UPSTREAM)).isBetween(IDLE - 60_000, IDLE);
    }

    @Test
    void rotationWhenLapsedThenRefusedAndNothingChanges() {
        begin(RIG.now(), RIG.now());
        RIG.pass(GRACE);
        RIG.row(1, "a");
        RIG.redis().hset(KEY, "lapsed", "1");
        Map<String, String> before = RIG.record();
        for (int generation = 1; generation <= 4; generation++) {
            assertThat(RIG.row(generation, "b")).isEqualTo("LAPSED");
        }
        assertThat(RIG.record()).isEqualTo(before);
        assertThat(RIG.denies(2)).as("its access tokens live on").isFalse();
        assertThat(RIG.signOut(2, "b")).isEqualTo("ENDED");
        assertThat(RIG.row(2, "b")).isEqualTo("REVOKED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"due", "good", "since"})
    void recordWhenATimeOfTheProviderCannotBeReadThenTheSessionEnds(String field) {
        begin(RIG.now(), RIG.now());
        RIG.redis().hset(KEY, field, "soon");
        assertThat(RIG.row(1, "a")).isEqualTo("UNREADABLE");
    }

    @Test
    void claimsWhenWrittenThenReadAlike() {
        StoredClaims all = new StoredClaims(
                "stamp",
                Optional.of(new ProviderClaims(
                        new ProviderName("keycloak"),
                        Roles.of(List.of("staff", "admin")),
                        Optional.of("Ada"),
                        Optional.of("ada@shop.example"),
                        Optional.of(Instant.ofEpochSecond(1_800_000_000)),
                        Optional.of("gold"))));
        StoredClaims least = new StoredClaims(
                "",
                Optional.of(new ProviderClaims(
                        new ProviderName("keycloak"),
                        Roles.NONE,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())));
        assertThat(StoredClaims.parse(all.json())).contains(all);
        assertThat(StoredClaims.parse(least.json())).contains(least);
        assertThat(StoredClaims.parse("{\"stamp\":\"s\",\"provider\":{}}")).isEmpty();
        assertThat(StoredClaims.parse("{\"stamp\":\"s\",\"provider\":{\"id\":\"A|b\"}}"))
                .isEmpty();
        assertThat(StoredClaims.parse("{\"stamp\":\"s\",\"later\":1}"))
                .contains(new StoredClaims("s", Optional.empty()));
        assertThat(all.toString()).doesNotContain("Ada").doesNotContain("stamp");
    }

    private static void begin(long due, long good) {
        RIG.redis().hset(KEY, Map.of("due", Long.toString(due), "good", Long.toString(good)));
    }

    private static long due(ScriptAnswer answer) {
        return answer.number(LOCAL);
    }
}
