package dev.latchkey.gateway.signin.changes;

import dev.latchkey.gateway.denylist.users.UserRecord;
import dev.latchkey.gateway.denylist.users.UserRecords;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.UsersProperties;
import dev.latchkey.gateway.user.store.StoreLookups;
import dev.latchkey.gateway.user.store.StoreState;
import dev.latchkey.gateway.user.store.StoreTroubleException;
import dev.latchkey.gateway.user.store.StoredUser;
import dev.latchkey.gateway.user.store.UserStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Finds what changed of users who have sessions, although none of them asks: one node at a time asks the store for all
 * who are recorded in Redis. A round that fails concludes nothing, and so does one in which too many users are gone.
 */
final class StoreWatch {

    private static final Logger LOGGER = LoggerFactory.getLogger(StoreWatch.class);

    private static final int AT_ONCE = 16;

    /** Beyond so many, the store is not asked one by one. */
    private static final int MOST_UNCLEAR = 20;

    /** Whose hashes are looked at when a node starts. */
    private static final int SOME = 50;
    /** The time limit of a round; the next one begins after it. */
    private static final Duration LIMIT = Duration.ofMinutes(5);
    /** How long a node that has died keeps others from asking, in rounds. */
    private static final int ROUNDS = 3;

    private final StoreLookups lookups;
    private final StoreState state;
    private final UserRecords records;
    private final UserConclusions conclusions;
    private final Duration claim;
    private final int mostGone;
    /** Who was gone in the last round, if it was refused. */
    private volatile Set<Subject> refused = Set.of();

    private final String node = UUID.randomUUID().toString();

    /** Who is asked for where it only matters whether the store answers. */
    private final Subject nobody = new Subject(node);

    StoreWatch(
            StoreLookups lookups,
            StoreState state,
            UserRecords records,
            UserConclusions conclusions,
            UsersProperties properties) {
        this.lookups = lookups;
        this.state = state;
        this.records = records;
        this.conclusions = conclusions;
        this.claim = properties.pollInterval().multipliedBy(ROUNDS);
        this.mostGone = properties.mostGone();
    }

    /**
     * At the start of the node, whichever has the claim: whether the store answers is known before anybody signs in,
     * and the hashes of some users who have sessions show what a check of a password costs.
     */
    void begin() {
        var unused = lookups.findNow(nobody)
                .then(records.all())
                .map(known -> known.keySet().stream()
                        .filter(subject -> !subject.isOfProvider())
                        .limit(SOME)
                        .toList())
                .filter(some -> !some.isEmpty())
                .flatMap(lookups::findAll)
                .subscribe(found -> {}, trouble -> LOGGER.debug("users: nothing was learnt at the start", trouble));
    }

    /** One round, unless another node has the claim. Blocks. */
    void look() {
        try {
            records.claimPoll(node, claim).flatMap(this::round).block(LIMIT);
        } catch (RuntimeException trouble) {
            // The store's own trouble is reported by its state, that of Redis by the client.
            LOGGER.debug("users: a look for changes failed", trouble);
        }
        if (!state.isAnswering()) {
            askAgain();
        }
    }

    /** Where no user comes and another node has the claim, nobody else would find out that the store answers again. */
    private void askAgain() {
        try {
            lookups.findNow(nobody).block(LIMIT);
        } catch (RuntimeException trouble) {
            LOGGER.debug("users: the store does not answer yet", trouble);
        }
    }

    /** At the end of the node. Blocks. */
    void release() {
        try {
            records.releasePoll(node).block(Duration.ofSeconds(1));
        } catch (RuntimeException trouble) {
            LOGGER.debug("users: the claim ends by itself", trouble);
        }
    }

    private Mono<Void> round(Instant asked) {
        return records.all()
                .flatMap(known -> found(known).flatMap(found -> {
                    Map<Subject, UserRecord> told = new HashMap<>(known);
                    told.keySet().removeAll(found.unclear);
                    return concluded(asked, told, found.users);
                }));
    }

    /**
     * In batches, one after the other: a round is not to take the store from those who wait for it. The claim holds on,
     * so that no other node begins a round meanwhile.
     */
    private Mono<Found> found(Map<Subject, UserRecord> known) {
        return Flux.fromIterable(known.keySet())
                .filter(subject -> !subject.isOfProvider())
                .buffer(UserStore.MOST_AT_ONCE)
                .concatMap(some -> found(some).delayUntil(found -> records.claimPoll(node, claim)))
                .reduce(new Found(Map.of(), List.of()), Found::and);
    }

    /**
     * One of whom the store says what cannot be must not keep the others from being ended: of that one nothing is
     * known.
     */
    private Mono<Found> found(List<Subject> some) {
        return lookups.findAll(some)
                .map(users -> new Found(users, List.of()))
                .onErrorResume(
                        StoreTroubleException.class,
                        trouble -> trouble.isOfAnswer() ? apart(some) : Mono.error(trouble));
    }

    private Mono<Found> apart(List<Subject> some) {
        int half = some.size() / 2;
        return half == 0
                ? Mono.just(new Found(Map.of(), some))
                : found(some.subList(0, half))
                        .flatMap(first -> first.unclear.size() > MOST_UNCLEAR
                                ? Mono.error(new StoreTroubleException("it says of many users what cannot be", null))
                                : found(some.subList(half, some.size())).map(first::and));
    }

    /**
     * What the store said.
     *
     * @param unclear of whom it said what cannot be
     */
    private record Found(Map<Subject, StoredUser> users, List<Subject> unclear) {

        Found and(Found more) {
            Map<Subject, StoredUser> all = new HashMap<>(users);
            all.putAll(more.users);
            return new Found(
                    all, Stream.concat(unclear.stream(), more.unclear.stream()).toList());
        }
    }

    private Mono<Void> concluded(Instant asked, Map<Subject, UserRecord> known, Map<Subject, StoredUser> found) {
        Optional<String> refusal = refusal(known, found);
        state.refused(refusal);
        return refusal.isPresent()
                ? Mono.empty()
                : Flux.fromIterable(known.entrySet())
                        .flatMap(
                                user -> concluded(
                                        user.getKey(),
                                        UserState.of(Optional.ofNullable(found.get(user.getKey()))),
                                        asked.toEpochMilli(),
                                        user.getValue()),
                                AT_ONCE)
                        .then();
    }

    /** A revision is the time at which the store was asked, so nobody is forgotten who may have a session. */
    private Mono<Void> concluded(Subject subject, UserState says, long asked, UserRecord record) {
        boolean isLongAgo = !record.isOpen() && conclusions.isOver(Instant.ofEpochMilli(record.revision()));
        return isLongAgo ? records.forget(subject) : conclusions.draw(subject, says, asked, record);
    }

    /**
     * After a refusal, those who are still gone count only once nobody comes back any more: a table that is filled
     * again row by row has ever fewer of them missing.
     */
    private Optional<String> refusal(Map<Subject, UserRecord> known, Map<Subject, StoredUser> found) {
        Set<Subject> active = known.entrySet().stream()
                .filter(user -> user.getValue().mayEnter())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        Set<Subject> gone =
                active.stream().filter(subject -> !found.containsKey(subject)).collect(Collectors.toSet());
        boolean tooMany = gone.size() > 1 && 100L * gone.size() > (long) mostGone * active.size();
        boolean comeBack = !refused.isEmpty() && !gone.isEmpty() && !gone.equals(refused);
        refused = tooMany || comeBack ? gone : Set.of();
        return refused.isEmpty()
                ? Optional.empty()
                : Optional.of(gone.size() + " of " + active.size() + " users with sessions are gone from "
                        + state.store()
                        + "; if that is meant, disable them first, or set latchkey.users.most-gone to 100");
    }
}
