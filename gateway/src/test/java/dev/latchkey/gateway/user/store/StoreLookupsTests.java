package dev.latchkey.gateway.user.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.PasswordHash;
import dev.latchkey.gateway.user.UserSource;
import dev.latchkey.gateway.user.UsersProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** How often a store is asked, for how long and by how many at once; it answers by hand here. */
final class StoreLookupsTests {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Subject ADA = new Subject("ada");

    private final List<Sinks.One<Optional<StoredUser>>> questions = Collections.synchronizedList(new ArrayList<>());
    private Instant now = Instant.ofEpochSecond(1_700_000_000);
    private final StoreLookups lookups = lookups(Duration.ofSeconds(30));

    private StoreLookups lookups(Duration timeout) {
        UsersProperties properties =
                new UsersProperties(UserSource.POSTGRESQL, null, null, timeout, Duration.ofMinutes(1), 50);
        return new StoreLookups(
                new ByHand(), properties, () -> now, new StoreState("store"), new SimpleMeterRegistry());
    }

    private final class ByHand implements UserStore {

        @Override
        public String name() {
            return "store";
        }

        @Override
        public Mono<Optional<StoredUser>> find(Subject subject) {
            return Mono.defer(() -> {
                Sinks.One<Optional<StoredUser>> answer = Sinks.one();
                questions.add(answer);
                return answer.asMono();
            });
        }

        @Override
        public Flux<StoredUser> findAll(Collection<Subject> subjects) {
            return Flux.never();
        }

        @Override
        public boolean isWritable() {
            return false;
        }

        @Override
        public Mono<Boolean> replaceHash(StoredUser expected, PasswordHash next, String version) {
            return Mono.just(false);
        }
    }

    private static Optional<StoredUser> ada(String version) {
        return Optional.of(StoredUsers.withoutHash(
                ADA, Optional.of(version), List.of(), false, Optional.empty(), Optional.empty()));
    }

    private void answer(int question, Optional<StoredUser> user) {
        questions.get(question).tryEmitValue(user).orThrow();
    }

    private static Optional<StoredUser> userOf(Mono<StoreAnswer> lookup) {
        return Objects.requireNonNull(lookup.block(LIMIT)).user();
    }

    @Test
    void findWhenManyWantOneNameThenOneQuestionAndItsAnswerIsRemembered() {
        List<CompletableFuture<StoreAnswer>> wanted = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            wanted.add(lookups.find(ADA).toFuture());
        }
        assertThat(questions).hasSize(1);
        answer(0, ada("1"));
        assertThat(wanted).allSatisfy(one -> assertThat(one.join().user()).isEqualTo(ada("1")));

        assertThat(userOf(lookups.find(ADA))).isEqualTo(ada("1"));
        assertThat(questions).as("remembered").hasSize(1);
        lookups.forget(ADA);
        CompletableFuture<StoreAnswer> again = lookups.find(ADA).toFuture();
        answer(1, ada("2"));
        assertThat(again.join().user()).isEqualTo(ada("2"));
        assertThat(lookups.findNow(ADA).toFuture()).as("never by memory").isNotDone();
        assertThat(questions).hasSize(3);
    }

    @Test
    void findWhenAnOlderAnswerComesLaterThenTheNewerOneStays() {
        CompletableFuture<StoreAnswer> older = lookups.findNow(ADA).toFuture();
        now = now.plusSeconds(1);
        CompletableFuture<StoreAnswer> newer = lookups.findNow(ADA).toFuture();
        answer(1, ada("2"));
        newer.join();
        answer(0, ada("1"));
        assertThat(older.join().user()).isEqualTo(ada("1"));
        assertThat(userOf(lookups.find(ADA))).isEqualTo(ada("2"));

        now = now.plusSeconds(1);
        CompletableFuture<StoreAnswer> next = lookups.findNow(ADA).toFuture();
        answer(2, Optional.empty());
        next.join();
        assertThat(userOf(lookups.find(ADA))).isEmpty();
    }

    @Test
    void findWhenTheStoreIsSilentThenItFailsInTimeAndTheNextOneAsksAgain() {
        StoreLookups impatient = lookups(Duration.ofMillis(100));
        StepVerifier.create(impatient.find(ADA))
                .expectError(TimeoutException.class)
                .verify(LIMIT);
        StepVerifier.create(impatient.findAll(List.of(ADA)))
                .expectError(TimeoutException.class)
                .verify(LIMIT);
        CompletableFuture<StoreAnswer> next = impatient.find(ADA).toFuture();
        answer(1, ada("1"));
        assertThat(next.join().user()).isEqualTo(ada("1"));
    }

    @Test
    void findWhenTooManyAreAskedThenItFailsWithoutAQuestion() {
        CompletableFuture<StoreAnswer> first = lookups.findNow(ADA).toFuture();
        for (int i = 1; i < StoreLookups.MOST_IN_FLIGHT; i++) {
            lookups.findNow(ADA).subscribe();
        }
        StepVerifier.create(lookups.find(new Subject("bob")))
                .expectError(RejectedExecutionException.class)
                .verify(LIMIT);
        assertThat(questions).hasSize(StoreLookups.MOST_IN_FLIGHT);
        answer(0, ada("1"));
        first.join();
        lookups.findNow(ADA).subscribe();
        assertThat(questions).as("there is room again").hasSize(StoreLookups.MOST_IN_FLIGHT + 1);
    }
}
