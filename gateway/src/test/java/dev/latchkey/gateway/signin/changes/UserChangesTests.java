package dev.latchkey.gateway.signin.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.denylist.users.UserRecord;
import dev.latchkey.gateway.denylist.users.UserRecords;
import dev.latchkey.gateway.session.ClientFacts;
import dev.latchkey.gateway.session.NewSession;
import dev.latchkey.gateway.session.RedisSessionStore.CurrentOutcome;
import dev.latchkey.gateway.session.SessionRoom;
import dev.latchkey.gateway.signin.TestDirectory;
import dev.latchkey.gateway.testing.AuditFacts;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.Password;
import dev.latchkey.gateway.user.User;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Nodes with directories of their own on one Redis: what each of them ends, and what it leaves alone. */
@ExtendWith(OutputCaptureExtension.class)
final class UserChangesTests {

    @RegisterExtension
    static final RedisProcess REDIS = RedisProcess.start();

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration AGAIN = Duration.ofSeconds(15);
    private static final SessionRoom ROOM = SessionRoom.open(REDIS, Map.of());

    private final List<String> ends = new CopyOnWriteArrayList<>();
    private Duration later = Duration.ZERO;

    @BeforeEach
    void forget() {
        REDIS.flush();
    }

    @AfterAll
    static void close() {
        ROOM.close();
    }

    @Test
    void usersWhenANodeReadsThemLaterThenItRepeatsNothingAndSparesTheNewStamp() {
        Node one = new Node("v1", "ada=a", "bob=b");
        Node other = new Node("v1", "ada=a", "bob=b");
        SessionId old = session("ada", "a");
        SessionId bob = session("bob", "b");
        one.read("v2", "ada=A", "bob=b");
        assertThat(ends).containsExactly("ada credentials-changed");
        SessionId fresh = session("ada", "A");

        other.sayAgain();
        other.read("v2", "ada=A", "bob=b");
        other.sayAgain();
        new Node("v2", "ada=A", "bob=b").sayAgain();

        assertThat(ends).hasSize(1);
        assertThat(isLive(old)).isFalse();
        assertThat(isLive(fresh)).isTrue();
        assertThat(isLive(bob)).isTrue();
    }

    /** The other thread says its version again while a change is applied, and the directory still has the old one. */
    @Test
    void versionWhenSaidAgainBeforeTheDirectoryHasTheNewOneThenNothingIsUndone() {
        Node one = new Node("v1", "ada=a", "bob=b");
        one.judge("v2", "ada=", "bob=b");
        one.sayAgain();
        assertThat(note("ada").mayEnter()).isFalse();
        assertThat(one.changes.isApplied(one.directory.snapshot())).isFalse();
    }

    @Test
    void usersWhenRedisHasLostAllThenAnOlderFileStillUndoesNothing() {
        Node one = new Node("v1", "ada=a", "bob=b");
        Node other = new Node("v1", "ada=a", "bob=b");
        one.read("v2", "ada=", "bob=b");
        REDIS.flush();
        one.sayAgain();
        other.sayAgain();
        assertThat(note("ada").mayEnter()).isFalse();
        assertThat(other.changes.revision()).isLessThan(note("ada").revision());

        REDIS.flush();
        other.sayAgain();
        assertThat(note("ada").mayEnter()).as("nothing was noted otherwise").isTrue();
        one.sayAgain();
        assertThat(note("ada").mayEnter()).isFalse();
    }

    @Test
    void stampWhenKeptThenNothingEnds() {
        Node one = new Node("v1", "ada=a", "bob=b");
        SessionId ada = session("ada", "a");
        one.read("v2", "ada=a", "bob=b", "eve=e");
        one.read("v3", "ada=a", "bob=b");
        assertThat(ends).containsExactly("eve user-gone");
        assertThat(isLive(ada)).isTrue();
    }

    @Test
    void usersWhenMostAreGoneAtTheStartThenNobodyEndsAndTheDirectorySaysWhy(CapturedOutput output) {
        new Node("v1", "ada=a", "bob=b", "eve=").sayAgain();
        SessionId ada = session("ada", "a");

        Node started = new Node("v2", "root=r", "eve=");
        started.sayAgain();
        started.sayAgain();

        String why = "2 of 2 users are gone; write user-count: 2 where that is meant";
        assertThat(started.directory.reported()).containsExactly(Optional.of(why));
        assertThat(output.toString().split(why, -1)).hasSize(2);
        assertThat(ends).isEmpty();
        assertThat(isLive(ada)).isTrue();
        assertThat(note("ada").mayEnter()).isTrue();
        assertThat(started.changes.isApplied(started.directory.snapshot())).isFalse();

        assertThat(started.judge("v3", "root=r"))
                .contains("2 of 2 users are gone; write user-count: 1 where that is meant");
        assertThat(started.readConfirmed("v4", "root=r")).isEmpty();
        assertThat(ends).containsExactlyInAnyOrder("ada user-gone", "bob user-gone");
        assertThat(isLive(ada)).isFalse();
    }

    @Test
    void usersWhenANewerListHasManyMoreThenTheOlderOneIsNotBad() {
        Node one = new Node("v1", "ada=a");
        Node other = new Node("v1", "ada=a");
        one.read("v2", "ada=a", "bob=b", "eve=e", "root=r");
        other.sayAgain();
        assertThat(other.directory.reported()).isEmpty();
        assertThat(note("eve").mayEnter()).isTrue();
        other.read("v2", "ada=a", "bob=b", "eve=e", "root=r");
        assertThat(ends).isEmpty();
    }

    @Test
    void usersWhenMostAreGoneAtTheStartAndRedisForgetsThemThenApplied() {
        new Node("v1", "ada=a", "bob=b").sayAgain();
        Node started = new Node("v2", "root=r");
        REDIS.flush();
        started.sayAgain();
        assertThat(started.directory.reported()).hasSize(2).endsWith(Optional.empty());
        assertThat(started.changes.isApplied(started.directory.snapshot())).isTrue();
    }

    @Test
    void signInWhenThePasswordChangedWhileItWasCheckedThenAbsent() {
        Node one = new Node("v1", "ada=a", "bob=b");
        one.directory.whileChecking(() -> one.read("v2", "ada=A", "bob=b"));
        assertThat(one.signIn("ada")).isEqualTo("absent");
        assertThat(one.signIn("ada")).isEqualTo("A");
    }

    @Test
    void signInWhenAChangeIsNotAppliedYetThenUnavailable() {
        Node one = new Node("v1", "ada=a", "bob=b");
        one.directory.hold(TestDirectory.snapshot("v2", false, "ada=A", "bob=b"));
        assertThat(one.signIn("ada")).isEqualTo("unavailable");
        assertThat(one.signIn("bob")).isEqualTo("b");
        one.judge("v2", "ada=A", "bob=b");
        assertThat(one.signIn("ada")).isEqualTo("A");
    }

    @Test
    void recordsWhenTheyCannotBeReadThenTheDirectoryCounts() {
        Node one = new Node("v1", "ada=a", "bob=b");
        SessionId ada = session("ada", "a");
        REDIS.tell("SET latchkey:users junk");
        assertThat(one.signIn("ada")).isEqualTo("a");
        one.read("v2", "ada=", "bob=b");
        assertThat(isLive(ada)).isFalse();
    }

    /** As of a node that died, or lost Redis, right after it had noted the end. */
    @Test
    void endWhenNotedByANodeThatIsGoneThenItIsRefusedAtOnceAndToldOnceALittleLater() {
        Node one = new Node("v1", "ada=a", "bob=b");
        SessionId ada = session("ada", "a");
        ROOM.bean(UserRecords.class)
                .note(new Subject("ada"), one.changes.revision() + 1, "", "user-disabled", Roles.NONE)
                .block(LIMIT);
        one.read("v2", "ada=", "bob=b");
        one.sayAgain();
        assertThat(ROOM.bean(Denylist.class)
                        .isUserDenied(new Subject("ada"), note("ada").ended()))
                .isTrue();
        assertThat(ends).as("the node that noted it may be about to").isEmpty();

        later = Duration.ofSeconds(11);
        one.sayAgain();
        one.sayAgain();
        new Node("v2", "ada=", "bob=b").sayAgain();
        assertThat(ends).containsExactly("ada user-disabled");
        assertThat(isLive(ada)).isFalse();
        assertThat(note("ada").isOpen()).isFalse();
    }

    @Test
    void endWhenSessionsCannotBeEndedThenNotToldUntilTheyAre() {
        Node one = new Node("v1", "ada=a", "bob=b");
        SessionId ada = session("ada", "a");
        REDIS.tell("ACL SETUSER default resetkeys ~latchkey:users* ~latchkey:*denied*");
        try {
            one.judge("v2", "ada=", "bob=b");
            assertThat(note("ada").isOpen()).isTrue();
            assertThat(ends).isEmpty();
        } finally {
            REDIS.tell("ACL SETUSER default allkeys");
        }
        later = Duration.ofSeconds(11);
        one.read("v2", "ada=", "bob=b");
        one.sayAgain();
        assertThat(ends).containsExactly("ada user-disabled");
        assertThat(isLive(ada)).isFalse();
    }

    /** Returns a moment after it has begun: what begins in the millisecond of an end goes on. */
    private static SessionId session(String name, String stamp) {
        SessionId session = create(name, stamp);
        long began = System.currentTimeMillis();
        await().pollInterval(Duration.ofMillis(1)).until(() -> System.currentTimeMillis() > began);
        return session;
    }

    private static SessionId create(String name, String stamp) {
        return Objects.requireNonNull(ROOM.store()
                        .create(new NewSession(new Subject(name), stamp, new ClientFacts("", "")))
                        .block(LIMIT))
                .fold(view -> view.id(), () -> {
                    throw new AssertionError("Redis is there");
                });
    }

    private static boolean isLive(SessionId session) {
        return ROOM.store().isCurrent(session, Generation.FIRST).block(LIMIT) == CurrentOutcome.CURRENT;
    }

    private static UserRecord note(String name) {
        return Objects.requireNonNull(
                        ROOM.bean(UserRecords.class).find(new Subject(name)).block(LIMIT))
                .orElseThrow();
    }

    /** One node that started with these users. */
    private final class Node {

        private final TestDirectory directory;
        private final UserChanges changes;
        private long nanos;

        Node(String version, String... users) {
            directory = new TestDirectory(TestDirectory.snapshot(version, false, users));
            changes = new UserChanges(
                    directory,
                    ROOM.bean(UserRecords.class),
                    new UserConclusions(
                            ROOM.bean(UserRecords.class),
                            ROOM.bean(Denylist.class),
                            ROOM.revoker(),
                            event -> {
                                if (event.name().equals("user-revoked")) {
                                    ends.add(AuditFacts.of(event, "subject") + " " + AuditFacts.of(event, "reason"));
                                }
                            },
                            () -> Instant.now().plus(later)),
                    () -> nanos);
            changes.look();
        }

        void sayAgain() {
            nanos += AGAIN.toNanos();
            changes.look();
        }

        Optional<String> judge(String version, String... users) {
            return directory.judge(TestDirectory.snapshot(version, false, users));
        }

        void read(String version, String... users) {
            assertThat(judge(version, users)).isEmpty();
            directory.hold(TestDirectory.snapshot(version, false, users));
        }

        Optional<String> readConfirmed(String version, String... users) {
            return directory.judge(TestDirectory.snapshot(version, true, users));
        }

        String signIn(String name) {
            AgreedUserDirectory agreed = new AgreedUserDirectory(
                    directory, ROOM.bean(UserRecords.class), changes, ROOM.bean(Denylist.class));
            return Objects.requireNonNull(
                            agreed.authenticate(name, new Password("any")).block(LIMIT))
                    .fold(User::credentialStamp, () -> "absent", () -> "unavailable");
        }
    }
}
