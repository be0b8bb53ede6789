package dev.latchkey.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.denylist.DenylistKeys;
import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.redis.ScriptAnswer;
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
    private static final long STAYS = 1_000_000;

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

    private static void deny(String subject) {
        RIG.run(DENY_USER, List.of(KEY), subject, STAYS, "");
    }

    private static ScriptAnswer denyFrom(String subject, long instant) {
        return RIG.run(DENY_USER, List.of(KEY), subject, STAYS, instant);
    }
}
