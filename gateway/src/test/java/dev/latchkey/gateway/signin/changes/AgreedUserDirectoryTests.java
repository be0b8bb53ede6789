package dev.latchkey.gateway.signin.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.denylist.TestDenylists;
import dev.latchkey.gateway.denylist.users.UserRecords;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.redis.RedisTime;
import dev.latchkey.gateway.session.SessionRoom;
import dev.latchkey.gateway.signin.TestDirectory;
import dev.latchkey.gateway.testing.redis.RedisMonitor;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.User;
import dev.latchkey.gateway.user.UserLookup;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/**
 * When a node goes by its own list alone, and when it asks Redis what another has read: there each user has the stamp
 * {@code newer}. Each story has a user of its own, because the copy of the denylist forgets nothing in between.
 */
final class AgreedUserDirectoryTests {

    @RegisterExtension
    static final RedisProcess REDIS = RedisProcess.start();

    private static final Duration LIMIT = Duration.ofSeconds(20);
    /** No machine stands still for so long that the copy of the denylist would not be fresh. */
    private static final SessionRoom ROOM = SessionRoom.open(REDIS, Map.of("latchkey.denylist.stale-after", "60s"));

    private static final String ASKED = "\"HGET\" \"latchkey:users\" \"ada\"";
    private static final Denylist FRESH = ROOM.bean(Denylist.class);
    private static final UserRecords RECORDS = ROOM.bean(UserRecords.class);

    private long nanos;
    /** Whenever a node looks at its clock. */
    private long passing;

    @BeforeAll
    static void awaitFresh() {
        await().atMost(LIMIT).until(() -> FRESH.knowsOfNoChange(new Subject("anybody")));
    }

    @BeforeEach
    void forget() {
        REDIS.flush();
    }

    @AfterAll
    static void close() {
        ROOM.close();
    }

    @Test
    void findWhenNothingNewerCanMatterThenRedisIsNotAsked() {
        Node node = new Node("ada");
        try (RedisMonitor monitor = REDIS.monitor()) {
            assertThat(node.find(FRESH)).isEqualTo("own");
            assertThat(monitor.commands()).noneMatch(command -> command.contains(ASKED));
            assertThat(node.findNow()).isEqualTo("newer");
            assertThat(monitor.commands()).anyMatch(command -> command.contains(ASKED));
        }
    }

    @Test
    void findWhenTheCopyOfTheDenylistIsNotFreshThenRedisIsAsked() {
        Node node = new Node("bob");
        Denylist stale = TestDenylists.unsynchronized(ROOM.bean(RedisClient.class), ROOM.bean(RedisTime.class));
        assertThat(node.find(stale)).isEqualTo("newer");
    }

    @Test
    void findWhenTheRolesWereChangedThenRedisIsAsked() {
        Node node = new Node("root");
        FRESH.changeRoles(new Subject("root"), 1, Roles.NONE).block(LIMIT);
        assertThat(node.find(FRESH)).isEqualTo("newer");
    }

    @Test
    void findWhenSessionsWereEndedThenRedisIsAsked() {
        Node node = new Node("eve");
        FRESH.denyUser(new Subject("eve")).block(LIMIT);
        assertThat(node.find(FRESH)).isEqualTo("newer");
    }

    @Test
    void findWhenTheUserIsNotInTheListThenRedisIsAsked() {
        Node node = new Node("someone-else");
        note("newcomer", node.changes.revision() + 1);
        assertThat(node.find(FRESH, "newcomer")).isEqualTo("newer");
    }

    @Test
    void findWhenAnotherNodeHasANewerListThenRedisIsAsked() {
        Node node = new Node("carol");
        RECORDS.claim("v2", "", 0, false).block(LIMIT);
        assertThat(node.find(FRESH)).as("not heard of yet").isEqualTo("own");
        nanos += Duration.ofSeconds(15).toNanos();
        node.changes.look();
        assertThat(node.find(FRESH)).isEqualTo("newer");
    }

    /** Once their sessions cannot be alive any more, nothing is recorded of users who were removed. */
    @Test
    void findWhenAnotherNodeHasANewerListAndTheUserIsForgottenThenTheOlderListDoesNotCount() {
        Node node = new Node("heidi");
        RECORDS.claim("v2", "", 0, false).block(LIMIT);
        nanos += Duration.ofSeconds(15).toNanos();
        node.changes.look();
        RECORDS.forget(new Subject("heidi")).block(LIMIT);
        assertThat(node.find(FRESH)).isEqualTo("unavailable");
        assertThat(node.findNow()).isEqualTo("unavailable");
    }

    @Test
    void findWhenThisNodeHasNotAskedForAMinuteThenRedisIsAsked() {
        Node node = new Node("dave");
        nanos += Duration.ofMinutes(1).toNanos();
        assertThat(node.find(FRESH)).isEqualTo("own");
        nanos++;
        assertThat(node.find(FRESH)).isEqualTo("newer");
    }

    /** The answer of Redis comes late, but what it says is as old as the question, the second look at the clock. */
    @Test
    void findWhenThisNodeGotItsAnswerLateThenTheMinuteBeginsWithTheQuestion() {
        passing = Duration.ofSeconds(40).toNanos();
        Node node = new Node("frank");
        passing = 0;
        nanos = Duration.ofSeconds(80 + 60).toNanos();
        assertThat(node.find(FRESH)).isEqualTo("own");
        nanos++;
        assertThat(node.find(FRESH)).isEqualTo("newer");
    }

    @Test
    void findWhenTheListInForceIsNotAppliedYetThenRedisIsAsked() {
        Node node = new Node("grace");
        node.directory.hold(TestDirectory.snapshot("v2", false, "grace=own"));
        assertThat(node.find(FRESH)).isEqualTo("newer");
    }

    private static void note(String name, long revision) {
        RECORDS.note(new Subject(name), revision, "newer", "credentials-changed", Roles.NONE)
                .block(LIMIT);
    }

    /** A node that has the newest list as far as it knows, and says of this user what another does no longer. */
    private final class Node {

        private final String name;
        private final TestDirectory directory;
        private final UserChanges changes;

        Node(String name) {
            this.name = name;
            directory = new TestDirectory(TestDirectory.snapshot("v1", false, name + "=own"));
            changes = new UserChanges(
                    directory,
                    RECORDS,
                    new UserConclusions(RECORDS, FRESH, ROOM.revoker(), event -> {}, InstantSource.system()),
                    () -> nanos += passing);
            changes.look();
            note(name, changes.revision() + 1);
        }

        String find(Denylist denylist) {
            return find(denylist, name);
        }

        String find(Denylist denylist, String user) {
            return said(directory(denylist).find(new Subject(user)));
        }

        String findNow() {
            return said(directory(FRESH).findNow(new Subject(name)));
        }

        private AgreedUserDirectory directory(Denylist denylist) {
            return new AgreedUserDirectory(directory, RECORDS, changes, denylist);
        }

        private static String said(Mono<UserLookup> lookup) {
            return Objects.requireNonNull(lookup.block(LIMIT))
                    .fold(User::credentialStamp, () -> "absent", () -> "unavailable");
        }
    }
}
