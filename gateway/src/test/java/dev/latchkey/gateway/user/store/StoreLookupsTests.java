package dev.latchkey.gateway.user.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.PasswordChecks;
import dev.latchkey.gateway.user.TestChecks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

final class StoreLookupsTests {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Subject ADA = new Subject("ada");

    private final TestStore store = new TestStore();

    @BeforeEach
    void put() {
        store.put("ada", TestStore.HASH);
    }

    @Test
    void findWhenManyAskAtOnceThenOneQuestion() {
        Sinks.Empty<Void> go = Sinks.empty();
        store.answering(answer -> go.asMono().then(answer));
        StoreLookups lookups = lookups(Duration.ZERO);
        List<CompletableFuture<StoreAnswer>> all = new ArrayList<>();
        for (int caller = 0; caller < 50; caller++) {
            all.add(lookups.find(ADA).toFuture());
        }
        go.tryEmitEmpty();
        all.forEach(answer -> assertThat(answer.join().user()).isPresent());
        assertThat(store.asked()).containsExactly(ADA);
    }

    @Test
    void findWhenAskedAMomentAgoThenRememberedUntilForgottenAndForOneUserAlone() {
        StoreLookups lookups = lookups(LONG);
        lookups.find(ADA).block(LIMIT);
        lookups.find(ADA).block(LIMIT);
        assertThat(store.asked()).containsExactly(ADA);

        lookups.find(new Subject("bob")).block(LIMIT);
        assertThat(store.asked()).hasSize(2);
        lookups.forget(ADA);
        lookups.find(ADA).block(LIMIT);
        assertThat(store.asked()).hasSize(3);
        lookups.findNow(ADA).block(LIMIT);
        assertThat(store.asked()).as("now is now").hasSize(4);
    }

    @Test
    void findWhenTheCacheTimeIsOverThenAskedAnew() {
        StoreLookups lookups = lookups(Duration.ofMillis(50));
        await().atMost(LIMIT).until(() -> {
            lookups.find(ADA).block(LIMIT);
            return store.asked().size() > 1;
        });
    }

    /** An answer that took long says less than one to a later question. */
    @Test
    void findWhenAnOlderAnswerComesLateThenTheNewerIsRemembered() {
        Instant[] now = {Instant.ofEpochSecond(1)};
        StoreLookups lookups = store.lookups(TestStore.properties(LONG, LONG), () -> now[0], new HashChecks(checks()));
        Sinks.One<Optional<StoredUser>> late = Sinks.one();
        store.answering(answer -> late.asMono());
        CompletableFuture<StoreAnswer> older = lookups.findNow(ADA).toFuture();
        now[0] = Instant.ofEpochSecond(2);
        store.answering(answer -> answer);
        lookups.findNow(ADA).block(LIMIT);
        late.tryEmitValue(Optional.empty());
        older.join();

        assertThat(Objects.requireNonNull(lookups.find(ADA).block(LIMIT)).asked())
                .isEqualTo(Instant.ofEpochSecond(2));
    }

    @Test
    void findWhenTooManyAreInFlightThenRefusedUntilOneHasEnded() {
        List<Sinks.One<Optional<StoredUser>>> answers = new ArrayList<>();
        store.answering(answer -> {
            answers.add(Sinks.one());
            return answers.get(answers.size() - 1).asMono();
        });
        StoreLookups lookups = lookups(Duration.ZERO);
        List<CompletableFuture<StoreAnswer>> all = new ArrayList<>();
        for (int name = 0; name < StoreLookups.MOST_IN_FLIGHT; name++) {
            all.add(lookups.find(new Subject("user" + name)).toFuture());
        }
        assertThatThrownBy(() -> lookups.find(ADA).toFuture().join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(RejectedExecutionException.class);
        assertThat(store.asked()).hasSize(StoreLookups.MOST_IN_FLIGHT);

        answers.get(0).tryEmitValue(Optional.empty());
        all.get(0).join();
        store.answering(answer -> answer);
        assertThat(lookups.find(ADA).block(LIMIT)).isNotNull();
    }

    @Test
    void findWhenTheStoreIsSilentThenFailsAfterTheTimeout() {
        store.answering(answer -> Mono.never());
        StepVerifier.withVirtualTime(() -> lookups(LONG).find(ADA))
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(1900))
                .thenAwait(Duration.ofMillis(200))
                .expectError(TimeoutException.class)
                .verify(LIMIT);
        assertThat(store.state().trouble())
                .hasValueSatisfying(why -> assertThat(why).contains("TimeoutException"));
    }

    /** Nobody waits for the poll, and a store may have to be asked more than once for many. */
    @Test
    void findAllWhenTheStoreIsSlowThenItMayTakeFiveTimesAsLong() {
        StepVerifier.withVirtualTime(() -> slow(Duration.ofSeconds(9)).findAll(List.of(ADA)))
                .thenAwait(Duration.ofSeconds(9))
                .expectNextMatches(found -> found.containsKey(ADA))
                .expectComplete()
                .verify(LIMIT);
        StepVerifier.withVirtualTime(() -> slow(Duration.ofSeconds(11)).findAll(List.of(ADA)))
                .thenAwait(Duration.ofSeconds(11))
                .expectError(TimeoutException.class)
                .verify(LIMIT);
    }

    private StoreLookups slow(Duration delay) {
        store.delayMany(delay);
        return lookups(LONG);
    }

    @Test
    void hashesWhenSeenInAnAnswerThenTheirCostIsLearntWithoutASignIn() {
        HashChecks hashes = new HashChecks(checks());
        StoreLookups lookups = store.lookups(TestStore.properties(LONG, LONG), Instant::now, hashes);
        lookups.find(ADA).block(LIMIT);
        await().atMost(LIMIT).until(() -> hashes.dummyCost().equals("{bcrypt}$2a$04$"));

        store.put("bob", "pbkdf2_sha256$300000$abcdefgh$" + "A".repeat(43) + "=");
        lookups.findAll(List.of(new Subject("bob"))).block(LIMIT);
        await().atMost(LIMIT).until(() -> hashes.dummyCost().startsWith("pbkdf2_sha256$300000$"));
    }

    private static PasswordChecks checks() {
        return TestChecks.open(1);
    }

    private StoreLookups lookups(Duration cacheTime) {
        return store.lookups(TestStore.properties(LONG, cacheTime));
    }
}
