package dev.latchkey.gateway.session;

import static dev.latchkey.gateway.session.ScriptRig.ABSOLUTE;
import static dev.latchkey.gateway.session.ScriptRig.GRACE;
import static dev.latchkey.gateway.session.ScriptRig.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.redis.ScriptAnswer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What commit, confirm, create and revoke do to a record, each of them sent twice too. */
final class LateAnswerTests {

    @RegisterExtension
    static final ScriptRig RIG = new ScriptRig();

    @Test
    void commitWhenUnusedThenSetHoweverLateAndTheMintCountsFromNow() {
        RIG.pass(5 * GRACE);
        assertThat(RIG.commit(1, true)).isTrue();
        assertThat(RIG.minted(1)).isEqualTo(RIG.now());
        assertThat(RIG.forked(1)).isEqualTo(RIG.now());
        assertThat(RIG.used(1)).isEqualTo(-1);
        assertThat(RIG.commit(1, true)).as("sent twice").isTrue();
        assertThat(RIG.row(1, "1")).isEqualTo("REPLAYED+access of 1");
    }

    @Test
    void commitWhenUsedAtLeastGraceAgoThenNotSet() {
        RIG.confirm(1);
        RIG.pass(GRACE - 1);
        assertThat(RIG.commit(1, true)).isTrue();
        RIG.pass(1);
        Map<String, String> before = RIG.record();
        assertThat(RIG.commit(1, true)).isFalse();
        assertThat(RIG.record()).isEqualTo(before);
    }

    @Test
    void commitWhenAccessTokenOnlyThenNewestIsEnoughAndNothingChanges() {
        RIG.confirm(1);
        RIG.pass(5 * GRACE);
        Map<String, String> before = RIG.record();
        assertThat(RIG.commit(1, false)).isTrue();
        assertThat(RIG.record()).isEqualTo(before);
    }

    @Test
    void commitWhenNotTheNewestThenNotSet() {
        assertThat(RIG.commit(2, true)).as("above, after a failover").isFalse();
        RIG.pass(GRACE);
        RIG.row(1, "1");
        assertThat(RIG.commit(1, true)).isFalse();
        assertThat(RIG.commit(1, false)).isFalse();
    }

    @Test
    void commitWhenTheSessionIsOverThenNotSet() {
        RIG.pass(ABSOLUTE);
        assertThat(RIG.commit(1, true)).as("expired").isFalse();
        RIG.pass(-ABSOLUTE);
        RIG.revoke("signed-out");
        assertThat(RIG.commit(1, true)).as("revoked").isFalse();
        RIG.redis().del(KEY);
        assertThat(RIG.commit(1, true)).as("gone").isFalse();
    }

    @Test
    void confirmWhenFirstThenKeptAndLaterOnesChangeNothing() {
        RIG.pass(1);
        RIG.confirm(1);
        assertThat(RIG.used(1)).isEqualTo(RIG.now());
        RIG.pass(1);
        Map<String, String> before = RIG.record();
        RIG.confirm(1);
        assertThat(RIG.record()).isEqualTo(before);
    }

    @Test
    void confirmWhenAboveTheStoredOrGoneOrOverThenIgnored() {
        for (int generation = 1; generation <= 5; generation++) {
            RIG.pass(GRACE);
            RIG.row(generation, "b");
        }
        Map<String, String> before = RIG.record();
        RIG.confirm(7);
        RIG.confirm(10);
        RIG.confirm(1);
        assertThat(RIG.record()).isEqualTo(before);
        RIG.revoke("signed-out");
        Map<String, String> revoked = RIG.record();
        RIG.confirm(6);
        assertThat(RIG.record()).isEqualTo(revoked);
        RIG.redis().del(KEY);
        RIG.confirm(6);
        assertThat(RIG.redis().exists(KEY)).isZero();
    }

    @Test
    void createWhenSentTwiceThenTheFirstStays() {
        long created = RIG.now();
        RIG.pass(5);
        Map<String, String> before = RIG.record();
        ScriptAnswer again = RIG.create(ScriptRig.SESSION);
        assertThat(again.number(1)).isEqualTo(created);
        assertThat(again.number(2)).isEqualTo(created + ABSOLUTE);
        assertThat(RIG.record()).isEqualTo(before);
    }

    @Test
    void revokeWhenSentTwiceThenTheFirstReasonStaysUntilTheSessionWouldHaveEnded() {
        RIG.revoke("signed-out");
        RIG.revoke("reused");
        assertThat(RIG.record()).isEmpty();
        assertThat(RIG.tombstone()).startsWith("signed-out,").endsWith(",ada.lovelace@shop.e");
        assertThat(RIG.redis().pttl(ScriptRig.ENDED)).isBetween(ABSOLUTE - 5_000, ABSOLUTE + 1_000);
    }

    @Test
    void revokeWhenTheRecordIsGoneThenItsTokensAreDeniedAllTheSame() {
        RIG.redis().del(KEY);
        RIG.revoke("signed-out");
        assertThat(RIG.redis().exists(KEY)).isZero();
        assertThat(RIG.denies(1)).isTrue();
    }
}
