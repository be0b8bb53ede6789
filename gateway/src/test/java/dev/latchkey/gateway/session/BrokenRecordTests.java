package dev.latchkey.gateway.session;

import static dev.latchkey.gateway.session.ScriptRig.DENIED;
import static dev.latchkey.gateway.session.ScriptRig.GRACE;
import static dev.latchkey.gateway.session.ScriptRig.KEY;
import static dev.latchkey.gateway.session.ScriptRig.SESSION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.token.SessionId;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the scripts make of keys that cannot be read: they end what they are about, and nothing fails for ever. */
final class BrokenRecordTests {

    @RegisterExtension
    static final ScriptRig RIG = new ScriptRig();

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "gen,x",
                "gen,",
                "gen,1.5",
                "gen,7",
                "created,x",
                "expires,nan",
                "expires,",
                "strike,x",
                "spent,x",
                "1,x",
                "1,\"1,2\"",
                "3,x"
            })
    void rotateWhenAFieldIsBrokenThenTheSessionEndsAndIsDenied(String field, String value) {
        RIG.redis().hset(KEY, field, value == null ? "" : value);
        assertEnds();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sub", "gen", "created", "expires", "state", "claims", "1"})
    void rotateWhenAFieldIsGoneThenTheSessionEndsAndIsDenied(String field) {
        RIG.redis().hdel(KEY, field);
        assertEnds();
    }

    @Test
    void rotateWhenTheRecordIsOfAnotherTypeThenTheSessionEndsAndIsDenied() {
        RIG.redis().del(KEY);
        RIG.redis().set(KEY, "junk");
        assertThat(RIG.commit(1, true)).isFalse();
        RIG.confirm(1);
        assertEnds();
    }

    private static void assertEnds() {
        assertThat(RIG.row(1, "a")).isEqualTo("UNREADABLE");
        assertThat(RIG.denies(1)).isTrue();
        assertThat(RIG.row(1, "a")).as("once").isIn("UNKNOWN", "REVOKED");
        RIG.create(new SessionId("BbCdEfGhIjKlMnOpQrStUQ"));
    }

    @Test
    void revokeWhenTheRecordIsOfAnotherTypeThenItEnds() {
        RIG.redis().del(KEY);
        RIG.redis().lpush(KEY, "junk");
        RIG.revoke("signed-out");
        assertThat(RIG.denies(1)).isTrue();
        assertThat(RIG.row(1, "a")).isIn("UNKNOWN", "REVOKED");
    }

    @Test
    void fieldsWhenALaterVersionAddedThemThenNothingIsBrokenAndTheyStay() {
        RIG.redis().hset(KEY, Map.of("zone", "eu", "1", RIG.redis().hget(KEY, "1") + ",later"));
        RIG.redis().hset(DENIED, SESSION.value(), "0,0,0,9000000000000,later");
        RIG.pass(GRACE);
        assertThat(RIG.row(1, "a")).isEqualTo("ROTATED+both of 2");
        assertThat(RIG.row(1, "a")).isEqualTo("REPLAYED+both of 2");
        assertThat(RIG.row(1, "b")).as("of another branch").isEqualTo("STALE");
        assertThat(RIG.record()).containsEntry("zone", "eu");
        assertThat(RIG.redis().hget(KEY, "1")).endsWith(",a,later");
    }

    @Test
    void recordWhenOfALaterFormatThenLeftAloneButForASignOut() {
        RIG.redis().hset(KEY, Map.of("format", "3", "gen", "one", "1", "other"));
        Map<String, String> before = RIG.record();
        assertThat(RIG.row(1, "a")).isEqualTo("LATER");
        assertThat(RIG.commit(1, true)).isFalse();
        RIG.confirm(1);
        assertThat(RIG.record()).isEqualTo(before);
        RIG.revoke("signed-out");
        assertThat(RIG.denies(1)).isTrue();
    }

    @Test
    void denylistWhenItHoldsJunkThenEveryScriptGoesOn() {
        for (int i = 0; i < 20; i++) {
            RIG.redis().hset(DENIED, "junk" + i, "junk");
        }
        RIG.redis().hset(DENIED, SESSION.value(), "junk");
        RIG.pass(GRACE);
        assertThat(RIG.row(1, "a")).isEqualTo("ROTATED+both of 2");
        RIG.revoke("signed-out");
        assertThat(RIG.denies(2)).isTrue();
        assertThat(RIG.redis().hget(DENIED, "junk1"))
                .as("an operator's to look at")
                .isEqualTo("junk");
    }

    @Test
    void denylistWhenALaterVersionWroteAnEntryThenItsEndIsWhereItWas() {
        SessionId other = ScriptRig.inShardOf(SESSION, new Random(3));
        String entry = "5,5,1," + (RIG.now() + 60_000) + ",1";
        RIG.redis().hset(DENIED, other.value(), entry);
        RIG.revoke("signed-out");
        assertThat(RIG.redis().hget(DENIED, other.value())).isEqualTo(entry);
    }

    @Test
    void denylistWhenOfAnotherTypeThenItMakesRoom() {
        RIG.redis().set(DENIED, "junk");
        RIG.pass(GRACE);
        assertThat(RIG.row(1, "a")).isEqualTo("ROTATED+both of 2");
        RIG.revoke("signed-out");
        assertThat(RIG.denies(2)).isTrue();
    }
}
