package dev.latchkey.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.denylist.DenylistKeys;
import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.redis.ScriptAnswer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.data.redis.core.script.RedisScript;

/** What nodes note of users and of their files, on the scripts themselves. */
final class UserRecordScriptsTests {

    @RegisterExtension
    static final ScriptRig RIG = new ScriptRig();

    private static final String VERSIONS = "latchkey:users-files";
    private static final String USERS = "latchkey:users";
    private static final String ROLES = "latchkey:changed-roles:{latchkey:denied-users}";
    private static final long LIFE = 60_000;

    private static final RedisScript<?> CLAIM = TimedScripts.read("dev/latchkey/gateway/denylist/users/claim.lua");
    private static final RedisScript<?> USER = TimedScripts.read("dev/latchkey/gateway/denylist/users/user.lua");
    private static final RedisScript<?> ROLES_SCRIPT = TimedScripts.read("dev/latchkey/gateway/denylist/roles.lua");

    private final Node one = new Node();
    private final Node other = new Node();

    @Test
    void versionWhenReadFirstThenNewest() {
        assertThat(one.read("v1")).isEqualTo("2 newest");
        assertThat(other.read("v1")).isEqualTo("2 newest");
        assertThat(one.read("v2")).isEqualTo("3 newest");
        assertThat(one.sayAgain()).isEqualTo("3 newest");
    }

    @Test
    void versionWhenOlderThenItStaysOlderHoweverLongNobodySaysTheNewest() {
        one.read("v1");
        other.read("v1");
        one.read("v2");
        assertThat(other.sayAgain()).isEqualTo("2 older");
        RIG.pass(10 * LIFE);
        assertThat(other.sayAgain()).isEqualTo("2 older");
        assertThat(other.read("v2")).isEqualTo("3 newest");
    }

    @Test
    void versionWhenRedisHasLostAllThenEachKeepsItsPlaceInAnyOrder() {
        for (boolean isOlderFirst : new boolean[] {false, true}) {
            RIG.begin();
            Node newer = new Node();
            Node older = new Node();
            newer.read("v1");
            older.read("v1");
            newer.read("v2");
            RIG.redis().del(VERSIONS);
            String early = isOlderFirst ? older.sayAgain() : "";
            assertThat(newer.sayAgain()).isEqualTo("3 newest");
            assertThat(older.sayAgain()).isEqualTo("2 older");
            assertThat(newer.sayAgain()).isEqualTo("3 newest");
            assertThat(early).isEqualTo(isOlderFirst ? "2 newest" : "");
        }
    }

    @Test
    void versionWhenRedisComesBackFromAnOlderCopyThenTheNewestCountsAgain() {
        one.read("v1");
        other.read("v1");
        String copy = RIG.redis().hget(VERSIONS, "v1");
        one.read("v2");
        other.read("v2");
        one.read("v1");
        RIG.redis().del(VERSIONS);
        RIG.redis().hset(VERSIONS, "v1", copy);
        assertThat(other.sayAgain()).as("v2").isEqualTo("3 newest");
        assertThat(one.sayAgain()).as("v1, put back after v2").isEqualTo("4 newest");
        assertThat(other.sayAgain()).isEqualTo("3 older");
    }

    @Test
    void versionWhenRedisHasLostAllAndANewOneIsReadFirstThenTheOldOnesStayOlder() {
        one.read("v1");
        other.read("v1");
        one.read("v2");
        RIG.redis().del(VERSIONS);
        assertThat(other.read("v3")).isEqualTo("3 newest");
        assertThat(one.sayAgain()).as("v2, of the same revision").isEqualTo("2 older");
        assertThat(other.sayAgain()).isEqualTo("3 newest");
    }

    @Test
    void versionWhenPutBackThenNewAgain() {
        one.read("v1");
        other.read("v1");
        one.read("v2");
        other.read("v2");
        assertThat(one.read("v1")).isEqualTo("4 newest");
        assertThat(other.sayAgain()).isEqualTo("3 older");
    }

    @Test
    void versionWhenANodeStartsWithAnOlderOneThenItCountsOnceNobodyHasTheNewest() {
        one.read("v1");
        one.read("v2");
        Node started = new Node();
        assertThat(started.read("v1")).isEqualTo("2 older");
        RIG.pass(LIFE - 1);
        assertThat(started.sayAgain()).isEqualTo("2 older");
        one.sayAgain();
        RIG.pass(LIFE - 1);
        assertThat(started.sayAgain()).isEqualTo("2 older");
        RIG.pass(1);
        assertThat(started.sayAgain()).isEqualTo("4 newest");
    }

    @Test
    void versionsWhenManyThenBounded() {
        for (int i = 0; i < 100; i++) {
            assertThat(one.read("v" + i)).isEqualTo(i + 2 + " newest");
        }
        assertThat(RIG.redis().hlen(VERSIONS)).isEqualTo(32);
        assertThat(RIG.redis().hgetall(VERSIONS)).containsKeys("v68", "v99");
    }

    @Test
    void versionsWhenTheyCannotBeReadThenAsGoodAsNotThere() {
        one.read("v1");
        RIG.redis().hset(VERSIONS, "junk", "junk");
        assertThat(one.read("v2")).isEqualTo("3 newest");
        RIG.redis().del(VERSIONS);
        RIG.redis().set(VERSIONS, "junk");
        assertThat(one.sayAgain()).isEqualTo("3 newest");
    }

    @Test
    void userWhenTheStampChangesThenEndedOnceAndForEachRevision() {
        assertThat(note("ada", 1, "a")).isEqualTo("0 before");
        RIG.pass(1_000);
        long ended = RIG.now();
        assertThat(note("ada", 2, "b")).isEqualTo(ended + " now");
        RIG.pass(40_000);
        assertThat(note("ada", 2, "b")).as("40 s later").isEqualTo(ended + " before");
        assertThat(note("ada", 1, "a")).as("an older file").isEqualTo(ended + " before");
        assertThat(note("ada", 3, "b")).as("other roles").isEqualTo(ended + " before");
        assertThat(note("ada", 4, "")).isEqualTo(RIG.now() + " now");
    }

    @Test
    void userWhenUnknownOrBackThenEndsNothing() {
        assertThat(note("ada", 1, "")).isEqualTo("0 before");
        assertThat(note("ada", 2, "a")).isEqualTo("0 before");
    }

    @Test
    void userWhenTheRecordCannotBeReadThenAsGoodAsNotThere() {
        RIG.redis().hset(USERS, "ada", "junk");
        assertThat(note("ada", 1, "a")).isEqualTo("0 before");
        RIG.redis().del(USERS);
        RIG.redis().set(USERS, "junk");
        assertThat(note("ada", 2, "a")).isEqualTo("0 before");
        assertThat(RIG.redis().hget(USERS, "ada")).isEqualTo("2,0,a,reason,role");
    }

    @Test
    void rolesWhenOfAnOlderFileThenTheNewerOnesStay() {
        assertThat(roles("ada", 2, "customer")).endsWith(",2,customer");
        assertThat(roles("ada", 1, "customer\nadmin")).endsWith(",2,customer");
        assertThat(roles("ada", 3, "")).endsWith(",3,");
    }

    @Test
    void rolesWhenTheyCannotBeReadThenAsGoodAsNotThere() {
        RIG.redis().set(ROLES, "junk");
        assertThat(roles("ada", 2, "customer")).endsWith(",2,customer");
        RIG.redis().hset(ROLES, "ada", "junk");
        assertThat(roles("ada", 2, "customer")).endsWith(",2,customer");
    }

    @Test
    void rolesWhenEndedThenRemovedInSmallBites() {
        for (int i = 0; i < 100; i++) {
            roles("user" + i, 1, "");
        }
        RIG.pass(LIFE);
        for (int i = 0; i < 100; i++) {
            roles("ada", 2 + i, "");
        }
        assertThat(RIG.redis().hlen(ROLES)).isLessThan(20);
        assertThat(RIG.redis().pttl(ROLES)).isPositive();
    }

    /** Tokens of a node that was not told yet to have them live shorter. */
    @Test
    void rolesWhenWrittenForAShorterTimeThenThoseOfOthersStayForTheirs() {
        roles("ada", 1, "customer");
        RIG.run(ROLES_SCRIPT, List.of(ROLES, DenylistKeys.DENIED_USERS), "bob", 1, "customer", LIFE / 10);
        assertThat(RIG.redis().pttl(ROLES)).isGreaterThan(LIFE / 2);
    }

    /** A question that another node asked before that, by a clock which is ahead, changes nothing any more. */
    @Test
    void userWhenWrittenNowThenNewerThanWhatIsRecordedAndThanNow() {
        long ahead = RIG.now() + 50;
        note("ada", ahead, "a");
        long ended = RIG.now();
        assertThat(note("ada", 0, "b")).isEqualTo(ended + " now");
        assertThat(note("ada", ahead, "a")).isEqualTo(ended + " before");
        assertThat(RIG.redis().hget(USERS, "ada")).startsWith((ahead + 1) + "," + ended + ",b,");
        RIG.pass(1000);
        assertThat(note("ada", 0, "c")).isEqualTo(RIG.now() + " now");
        assertThat(RIG.redis().hget(USERS, "ada")).startsWith(RIG.now() + ",");
        assertThat(note("bob", 0, "a")).isEqualTo("0 before");
    }

    private static String note(String subject, long revision, String stamp) {
        ScriptAnswer answer = RIG.run(USER, List.of(USERS), subject, revision, stamp, "reason", "role");
        return answer.number(1) + (answer.number(2) == 1 ? " now" : " before");
    }

    private static String roles(String subject, long revision, String names) {
        return RIG.run(ROLES_SCRIPT, List.of(ROLES, DenylistKeys.DENIED_USERS), subject, revision, names, LIFE)
                .text(1);
    }

    /** What a node remembers of its file. */
    private static final class Node {

        private String version = "";
        private long revision;
        private boolean hasCounted;

        String read(String next) {
            return claim(next, false);
        }

        String sayAgain() {
            return claim(version, hasCounted);
        }

        private String claim(String next, boolean counted) {
            ScriptAnswer answer = RIG.run(CLAIM, List.of(VERSIONS), next, version, revision, counted ? 1 : 0, LIFE);
            boolean isNewest = answer.number(2) == 1;
            version = next;
            revision = answer.number(1);
            hasCounted = counted || isNewest;
            return revision + (isNewest ? " newest" : " older");
        }
    }
}
