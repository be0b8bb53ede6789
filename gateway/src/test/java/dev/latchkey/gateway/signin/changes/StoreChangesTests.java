package dev.latchkey.gateway.signin.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.denylist.users.UserRecord;
import dev.latchkey.gateway.denylist.users.UserRecords;
import dev.latchkey.gateway.session.SessionRoom;
import dev.latchkey.gateway.testing.AuditFacts;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.cookie.CookieProperties;
import dev.latchkey.gateway.user.UserLookup;
import dev.latchkey.gateway.user.UsersProperties;
import dev.latchkey.gateway.user.store.StoreLookups;
import dev.latchkey.gateway.user.store.TestStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Nodes with one store on one Redis: how often it is asked, by which node, and what that concludes. */
final class StoreChangesTests {

    @RegisterExtension
    static final RedisProcess REDIS = RedisProcess.start();

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Subject ADA = new Subject("ada");
    private static final String POLL = "latchkey:users-poll";
    private static final SessionRoom ROOM = SessionRoom.open(REDIS, Map.of("latchkey.users.source", "postgresql"));

    private final TestStore store = new TestStore();
    private final List<String> events = new CopyOnWriteArrayList<>();

    @BeforeEach
    void forget() {
        REDIS.flush();
        store.put("ada", TestStore.HASH);
    }

    @AfterAll
    static void close() {
        ROOM.close();
    }

    /** As all requests of a page do when their access token has expired. */
    @Test
    void findWhenManyRequestsAskAtOnceThenTheStoreIsAskedOnce() {
        Sinks.Empty<Void> go = Sinks.empty();
        store.answering(answer -> go.asMono().then(answer));
        StoreUserDirectory directory = new Node(LONG).directory;
        List<Mono<UserLookup>> all = new ArrayList<>();
        for (int request = 0; request < 20; request++) {
            all.add(Mono.fromFuture(directory.find(ADA).toFuture()));
        }
        go.tryEmitEmpty();
        all.forEach(lookup ->
                assertThat(Objects.requireNonNull(lookup.block(LIMIT))).isInstanceOf(UserLookup.Found.class));
        assertThat(store.asked()).containsExactly(ADA);
    }

    @Test
    void findWhenTheStoreFailsThenUnavailableAndNothingIsConcluded() {
        StoreUserDirectory directory = new Node(LONG).directory;
        find(directory);
        store.answering(answer -> Mono.error(new IllegalStateException("away")));
        StoreUserDirectory other = new Node(LONG).directory;
        assertThat(find(other)).isInstanceOf(UserLookup.Unavailable.class);
        assertThat(record().mayEnter()).isTrue();
        assertThat(events).isEmpty();
    }

    @Test
    void findWhenTheUserIsGoneThenUnavailableUntilTheWatchHasSeenIt() {
        Node node = new Node(LONG);
        find(node.directory);
        store.remove("ada");
        Node other = new Node(LONG);
        assertThat(find(other.directory)).isInstanceOf(UserLookup.Unavailable.class);
        other.watch.look();
        assertThat(find(other.directory)).isInstanceOf(UserLookup.Absent.class);
        assertThat(events).containsExactly("user-revoked ada user-gone");
    }

    @Test
    void lookWhenAnotherNodeHasTheClaimThenItDoesNotAskUntilThatGivesItBack() {
        note();
        Node one = new Node(LONG);
        Node other = new Node(LONG);
        one.watch.look();
        other.watch.look();
        assertThat(store.askedForMany()).hasSize(1);
        one.watch.look();
        assertThat(store.askedForMany()).as("it goes on").hasSize(2);
        one.watch.release();
        // What is given back ends within a millisecond of Redis.
        await().atMost(LIMIT).until(() -> {
            other.watch.look();
            return store.askedForMany().size() == 3;
        });
    }

    @Test
    void lookWhenTheNodeWithTheClaimDiesThenAnotherTakesOverAfterThreeIntervals() {
        note();
        Duration interval = Duration.ofMillis(200);
        Instant began = Instant.now();
        new Node(interval).watch.look();
        Node other = new Node(interval);
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(10)).until(() -> {
            other.watch.look();
            return store.askedForMany().size() == 2;
        });
        assertThat(Duration.between(began, Instant.now())).isGreaterThanOrEqualTo(interval.multipliedBy(3));
    }

    /** Else another node would begin while this one is still asking for thousands. */
    @Test
    void lookWhenThereAreManyThenInBatchesAndTheClaimIsRenewedAfterEach() {
        for (int user = 0; user <= 500; user++) {
            REDIS.say("HSET latchkey:store-users user" + user + " 1,0,stamp,credentials-changed,");
        }
        List<String> claims = new ArrayList<>();
        store.whenAskedForMany(() -> {
            claims.add(REDIS.say("EXISTS " + POLL));
            REDIS.say("DEL " + POLL);
        });
        new Node(LONG).watch.look();
        assertThat(store.askedForMany()).extracting(names -> names.size()).containsExactly(500, 1);
        assertThat(claims).containsExactly("1", "1");
    }

    /** As two rows of one name are: a mistake with one user must not keep the others in. */
    @Test
    void lookWhenOneUserIsUnclearThenTheOthersAreConcludedAll() {
        for (String name : List.of("bob", "cid", "dan")) {
            store.put(name, TestStore.HASH);
        }
        Node node = new Node(LONG);
        for (String name : List.of("ada", "bob", "cid", "dan")) {
            node.directory.find(new Subject(name)).block(LIMIT);
        }
        store.remove("bob");
        store.unclear(ADA);
        new Node(LONG).watch.look();
        assertThat(events).containsExactly("user-revoked bob user-gone");
        assertThat(record().mayEnter()).isTrue();
    }

    @Test
    void lookWhenTheStoreFailsThenNothingIsConcluded() {
        note();
        store.whenAskedForMany(() -> {
            throw new IllegalStateException("away");
        });
        new Node(LONG).watch.look();
        assertThat(record().mayEnter()).isTrue();
        assertThat(events).isEmpty();
    }

    @Test
    void lookWhenRolesAreTakenThenToldOnce() {
        String stamp = stamp();
        ROOM.bean(UserRecords.class)
                .note(
                        ADA,
                        Instant.now().minusSeconds(5).toEpochMilli(),
                        stamp,
                        "credentials-changed",
                        Roles.of(List.of("admin", "customer", "ops")))
                .block(LIMIT);
        Node node = new Node(LONG);
        node.watch.look();
        node.watch.look();
        assertThat(events).containsExactly("roles-withdrawn ada admin,ops");
    }

    /** Whichever has the claim: what a check of a password costs is the same for all. */
    @Test
    void beginWhenUsersHaveSessionsThenTheirHashesAreLookedAt() {
        note();
        new Node(LONG).watch.look();
        new Node(LONG).watch.begin();
        await().atMost(LIMIT).until(() -> store.askedForMany().size() == 2);
        assertThat(store.askedForMany().get(1)).containsExactly(ADA);
    }

    /** Some stores are asked nothing for a list of nobody. */
    @Test
    void beginWhenNobodyHasASessionThenItIsKnownWhetherTheStoreAnswers() {
        store.answering(answer -> Mono.error(new IllegalStateException("away")));
        new Node(LONG).watch.begin();
        await().atMost(LIMIT).until(() -> store.state().trouble().isPresent());
    }

    /** As at night: no user comes, and none has a session. */
    @Test
    void lookWhenTheStoreAnswersAgainThenItIsSaidAlthoughNobodyAsks() {
        Node node = new Node(LONG);
        store.answering(answer -> Mono.error(new IllegalStateException("away")));
        assertThat(find(node.directory)).isInstanceOf(UserLookup.Unavailable.class);
        node.watch.look();
        assertThat(store.state().trouble()).isPresent();
        store.answering(answer -> answer);
        node.watch.look();
        assertThat(store.state().trouble()).isEmpty();
    }

    private static UserLookup find(StoreUserDirectory directory) {
        return Objects.requireNonNull(directory.find(ADA).block(LIMIT));
    }

    /** Ada has a session. */
    private void note() {
        find(new Node(LONG).directory);
    }

    private String stamp() {
        note();
        String stamp = record().stamp();
        REDIS.flush();
        return stamp;
    }

    private static UserRecord record() {
        return Objects.requireNonNull(ROOM.bean(UserRecords.class).find(ADA).block(LIMIT))
                .orElseThrow();
    }

    private final class Node {

        private final StoreUserDirectory directory;
        private final StoreWatch watch;

        Node(Duration pollInterval) {
            UsersProperties properties = TestStore.properties(pollInterval, Duration.ZERO);
            StoreLookups lookups = store.lookups(properties);
            UserRecords records = ROOM.bean(UserRecords.class);
            UserConclusions conclusions = new UserConclusions(
                    records,
                    ROOM.bean(Denylist.class),
                    ROOM.revoker(),
                    event -> events.add(event.name() + " " + AuditFacts.of(event, "subject") + " "
                            + AuditFacts.of(event, event.name().equals("roles-withdrawn") ? "roles" : "reason")),
                    InstantSource.system());
            directory = new StoreUserDirectory(
                    lookups,
                    store.signIns(lookups, properties),
                    store.passwords(lookups, properties),
                    records,
                    conclusions,
                    new Issuer("https://shop.example"),
                    new CookieProperties("__Host-latchkey-", true));
            watch = new StoreWatch(lookups, store.state(), records, conclusions, properties);
        }
    }
}
