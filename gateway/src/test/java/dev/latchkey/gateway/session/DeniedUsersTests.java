package dev.latchkey.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.denylist.DenylistKeys;
import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.redis.ScriptAnswer;
import io.lettuce.core.KeyValue;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.data.redis.core.script.RedisScript;

/** The users' instants, on the script itself. */
final class DeniedUsersTests {

    @RegisterExtension
    static final ScriptRig RIG = new ScriptRig();

    private static final RedisScript<?> DENY_USER = TimedScripts.read("dev/latchkey/gateway/denylist/deny-user.lua");
    private static final String KEY = DenylistKeys.DENIED_USERS;
    private static final String LIFE = "latchkey:session-life:{" + KEY + "}";
    private static final RedisScript<?> SESSION_LIFE =
            TimedScripts.read("dev/latchkey/gateway/denylist/session-life.lua");
    private static final long STAYS = 1_000_000;
    private static final long HOUR = 3_600_000;

    @Test
    void instantWhenDeniedThenNow() {
        deny("ada");
        assertThat(RIG.redis().hgetall(KEY)).containsOnly(Map.entry("ada", "" + RIG.now()));
        assertThat(RIG.redis().pttl(KEY)).isBetween(STAYS - 5_000, STAYS);
    }

    @Test
    void instantWhenTheClockGoesBackThenNeverDown() {
        deny("ada");
        long first = RIG.now();
        RIG.pass(-5_000);
        deny("ada");
        assertThat(RIG.redis().hget(KEY, "ada")).isEqualTo("" + first);
        RIG.pass(6_000);
        deny("ada");
        assertThat(RIG.redis().hget(KEY, "ada")).isEqualTo("" + (first + 1_000));
    }

    @Test
    void instantWhenWrittenBackThenTheLaterOneStays() {
        long lost = RIG.now() - 3_000;
        assertThat(denyFrom("ada", lost).number(1)).isEqualTo(lost);
        assertThat(RIG.redis().hget(KEY, "ada")).isEqualTo("" + lost);
        assertThat(denyFrom("ada", lost - 1).number(1)).isEqualTo(lost);
        assertThat(RIG.redis().hget(KEY, "ada")).isEqualTo("" + lost);
    }

    @Test
    void instantsWhenEndedThenRemovedInSmallBites() {
        for (int i = 0; i < 100; i++) {
            deny("user," + i);
        }
        RIG.pass(STAYS - 1);
        deny("bob");
        assertThat(RIG.redis().hlen(KEY)).isEqualTo(101);
        RIG.pass(1);
        deny("ada");
        assertThat(RIG.redis().hlen(KEY)).isBetween(94L, 97L);
        for (int i = 0; i < 100; i++) {
            deny("ada");
        }
        assertThat(RIG.redis().hlen(KEY)).isLessThan(20);
        assertThat(RIG.redis().hgetall(KEY)).containsKeys("ada", "bob");
    }

    /** Sessions that began before keep their own end. */
    @Test
    void instantsWhenSessionsWereMadeToLiveShorterThenTheyStayAsLongAsThoseFromBefore() {
        live(STAYS, 0, 0);
        deny("ada");
        long shorter = STAYS / 100;
        RIG.pass(shorter);
        assertThat(live(shorter, 0, 0).number(1)).isEqualTo(STAYS);
        deny("bob", shorter);
        for (int i = 0; i < 100; i++) {
            deny("user," + i, shorter);
        }
        RIG.pass(STAYS - shorter - 1);
        deny("eve", shorter);
        assertThat(RIG.redis().hgetall(KEY)).containsKeys("ada", "bob");
        assertThat(RIG.redis().pttl(KEY)).isGreaterThan(STAYS - 5_000);
        RIG.pass(2 * HOUR + shorter + 1);
        assertThat(live(shorter, 0, 0).number(1)).as("none of them is alive").isEqualTo(shorter);
        for (int i = 0; i < 200; i++) {
            deny("eve", shorter);
        }
        assertThat(RIG.redis().hmget(KEY, "ada", "bob")).noneMatch(KeyValue::hasValue);
    }

    @Test
    void sessionLifeWhenRedisHasForgottenItThenANodeThatKnowsSaysIt() {
        ScriptAnswer first = live(STAYS, 0, 0);
        assertThat(first.number(2)).isEqualTo(RIG.now() + STAYS + 2 * HOUR);
        RIG.redis().del(LIFE);
        assertThat(live(STAYS / 2, first.number(1), first.number(2)).number(1)).isEqualTo(STAYS);
        assertThat(live(STAYS / 2, 0, 0).number(2)).isEqualTo(first.number(2));
        RIG.pass(STAYS + 2 * HOUR);
        assertThat(live(STAYS / 2, first.number(1), first.number(2)).number(1)).isEqualTo(STAYS / 2);
    }

    @Test
    void sessionLifeWhenItIsAskedForOftenThenItIsWrittenOnceAnHour() {
        live(STAYS, 0, 0);
        String written = RIG.redis().get(LIFE);
        RIG.pass(HOUR);
        live(STAYS, 0, 0);
        assertThat(RIG.redis().get(LIFE)).isEqualTo(written);
        RIG.pass(1);
        live(STAYS, 0, 0);
        assertThat(RIG.redis().get(LIFE)).isNotEqualTo(written);
    }

    private static ScriptAnswer live(long mine, long known, long until) {
        return RIG.run(SESSION_LIFE, List.of(LIFE), mine, known, until);
    }

    private static void deny(String subject) {
        deny(subject, STAYS);
    }

    private static void deny(String subject, long stays) {
        RIG.run(DENY_USER, List.of(KEY, LIFE), subject, stays, "");
    }

    private static ScriptAnswer denyFrom(String subject, long instant) {
        return RIG.run(DENY_USER, List.of(KEY, LIFE), subject, STAYS, instant);
    }
}
