package dev.latchkey.gateway.session;

import static dev.latchkey.gateway.session.ScriptRig.DENIED;
import static dev.latchkey.gateway.session.ScriptRig.ENDED;
import static dev.latchkey.gateway.session.ScriptRig.GRACE;
import static dev.latchkey.gateway.session.ScriptRig.KEY;
import static dev.latchkey.gateway.session.ScriptRig.SESSION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.token.SessionId;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session and a denylist entry cost in Redis, by its own account. */
final class SessionSizeTests {

    @RegisterExtension
    static final ScriptRig RIG = new ScriptRig();

    private static final int OLD = 8_640;
    private static final int SESSION_MOST = 512;
    private static final int BOUND_MOST = 576;
    private static final int ENTRY_MOST = 150;
    private static final int TOMBSTONE_MOST = 120;
    private static final int COMPACT_ENTRIES = 512;
    private static final String BRANCH = "0123456789abcdef";

    /** A month of rotations every five minutes. */
    private static void growOld() {
        RIG.redis().hset(KEY, "expires", Long.toString(RIG.now() * 2));
        RIG.pass(29L * 24 * 3600 * 1000);
        for (int generation = OLD; generation < OLD + 8; generation++) {
            RIG.row(generation, BRANCH);
            RIG.pass(GRACE);
            RIG.row(generation, BRANCH);
            RIG.pass(1_234);
            RIG.confirm(generation + 1);
        }
    }

    /** With all fields that a record can have. */
    @Test
    void recordWhenAMonthOldThenSmallAndCompact() {
        growOld();
        RIG.row(OLD, BRANCH);
        RIG.pass(2 * GRACE);
        RIG.row(OLD + 1, BRANCH);
        assertThat(RIG.record()).as("all fields are there").containsKeys("strike", "spent", "0", "1", "2", "3");
        assertThat(RIG.redis().memoryUsage(KEY)).isLessThanOrEqualTo(SESSION_MOST);
        assertCompact();
    }

    /** Such a session is never struck. */
    @Test
    void recordWhenBoundToADeviceThenSmallAndCompactToo() {
        growOld();
        RIG.redis().hset(KEY, Map.of("format", "2", "key", "A".repeat(44)));
        assertThat(RIG.redis().memoryUsage(KEY)).isLessThanOrEqualTo(BOUND_MOST);
        assertCompact();
    }

    @Test
    void recordWhenALifeIsAYearThenItsValuesStayShort() {
        RIG.redis().hset(KEY, "expires", Long.toString(RIG.now() * 2));
        RIG.pass(400L * 24 * 3600 * 1000);
        RIG.row(9_999_990, BRANCH);
        RIG.pass(GRACE);
        RIG.row(9_999_990, BRANCH);
        RIG.confirm(9_999_991);
        assertThat(RIG.record().values())
                .allSatisfy(value ->
                        assertThat(value.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(64));
    }

    @Test
    void denylistWhenAShardIsFewThenAnEntryIsSmall() {
        assertEntriesSmall(40, "ziplist", "listpack");
    }

    @Test
    void denylistWhenAShardIsManyThenAnEntryIsStillSmall() {
        assertEntriesSmall(COMPACT_ENTRIES * 4 - 20, "hashtable");
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 512 * 4 - 20, 512 * 4 + 20})
    void tombstonesWhenFewOrManyThenEachIsSmall(int sessions) {
        Random random = new Random(sessions);
        for (int i = 0; i < sessions; i++) {
            SessionId session = ScriptRig.inShardOf(SESSION, random);
            RIG.create(session);
            RIG.revoke(session, "signed-out-everywhere");
            assertThat(RIG.redis().exists(SessionKeys.record(session))).isZero();
        }
        assertThat(RIG.redis().hlen(ENDED)).isEqualTo(sessions);
        assertThat(RIG.redis().memoryUsage(ENDED) / (double) sessions).isLessThanOrEqualTo(TOMBSTONE_MOST);
    }

    @Test
    void usersIndexWhenFullThenSmall() {
        Random random = new Random(5);
        for (int i = 0; i < 100; i++) {
            SessionId session = ScriptRig.randomSession(random);
            RIG.redis().hset("latchkey:sessions:{ada}", session.publicId().value(), session.value());
        }
        assertThat(RIG.redis().memoryUsage("latchkey:sessions:{ada}")).isLessThan(100 * 64);
    }

    private static void assertCompact() {
        assertThat(RIG.redis().objectEncoding(KEY)).isIn("ziplist", "listpack");
    }

    private static void assertEntriesSmall(int entries, String... encodings) {
        Random random = new Random(entries);
        for (int i = 0; i < entries; i++) {
            RIG.revoke(ScriptRig.inShardOf(SESSION, random), "signed-out");
        }
        assertThat(RIG.redis().hlen(DENIED)).isEqualTo(entries);
        assertThat(RIG.redis().objectEncoding(DENIED)).isIn((Object[]) encodings);
        assertThat(RIG.redis().memoryUsage(DENIED) / (double) entries).isLessThanOrEqualTo(ENTRY_MOST);
    }
}
