package dev.latchkey.gateway.signin.changes;

import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.denylist.users.UserRecord;
import dev.latchkey.gateway.denylist.users.UserRecords;
import dev.latchkey.gateway.denylist.users.UserRecords.Claim;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.ListedUserDirectory;
import dev.latchkey.gateway.user.UserSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Ends sessions of users who are gone, disabled or have other credentials, on every node and once: what a directory
 * says is recorded in Redis, and the node that records it first ends the sessions. So a node that reads the same later
 * repeats nothing, one with an older directory undoes nothing, and what changed while no node ran is found at the
 * start.
 */
final class UserChanges {

    private static final Logger LOGGER = LoggerFactory.getLogger(UserChanges.class);
    private static final String NOT_NOW =
            "the sessions of changed users cannot be ended while Redis does not answer; this is tried again";

    private static final int AT_ONCE = 16;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    /** How often a node says which version it has; others consider it gone after four times that. */
    private static final Duration CLAIMED = Duration.ofSeconds(15);
    /** For how long a claim counts: changes of roles since then are in the denylist at least so long. */
    private static final Duration LONGEST = Denylist.BEYOND_ACCESS;

    private final ListedUserDirectory users;
    private final UserRecords records;
    private final UserConclusions conclusions;
    private final LongSupplier nanos;

    /** What was read last; the directory has it only once it is applied. */
    private UserSnapshot latest;

    private UserSnapshot before;
    private boolean hasCounted;
    private Optional<String> refused = Optional.empty();
    private String said = "";
    private long claimed;
    private volatile String version = "";
    private volatile long revision;
    private volatile boolean isNewest;
    private volatile boolean isOlder;
    /** When this node asked what said last that it has the newest version. */
    private volatile long newestSince;

    UserChanges(ListedUserDirectory users, UserRecords records, UserConclusions conclusions, LongSupplier nanos) {
        this.users = users;
        this.records = records;
        this.conclusions = conclusions;
        this.nanos = nanos;
        this.latest = users.snapshot();
        this.before = latest;
        users.whenChanged(this::accept);
    }

    /** Which state of the directory this node has: what has a higher revision is newer. 0 until that is known. */
    long revision() {
        return revision;
    }

    /** Whether these users are those whose changes were applied last. */
    boolean isApplied(UserSnapshot users) {
        return users.version().equals(version);
    }

    /**
     * Whether these users are those whose changes were applied last, and no other node had a newer list when this one
     * last asked, at most a minute ago.
     */
    boolean isNewest(UserSnapshot users) {
        return isApplied(users) && isNewest && nanos.getAsLong() - newestSince <= LONGEST.toNanos();
    }

    /**
     * Whether another node had a newer list when this one last asked. All users of that list are recorded, so who is
     * not may have left it so long ago that they are forgotten.
     */
    boolean isOlder() {
        return isOlder;
    }

    /** Applies what could not be applied before, and says again that this node has its version. Blocks. */
    synchronized void look() {
        boolean isDue = nanos.getAsLong() - claimed >= CLAIMED.toNanos();
        if (!isDue && (isApplied(latest) || refused.isPresent())) {
            return;
        }
        try {
            report(apply(latest));
        } catch (RuntimeException trouble) {
            warnOnce(NOT_NOW);
        }
    }

    private void report(Optional<String> refusal) {
        if (!refusal.equals(refused)) {
            refusal.ifPresent(why -> LOGGER.error("users: {}; until then no session ends", why));
            users.report(refusal);
            refused = refusal;
        }
    }

    /** Blocks, on the thread that has read the users: they count here once their sessions have ended. */
    private synchronized Optional<String> accept(UserSnapshot next) {
        try {
            Optional<String> refusal = apply(next);
            if (refusal.isPresent()) {
                return refusal;
            }
        } catch (RuntimeException trouble) {
            warnOnce(NOT_NOW);
        }
        latest = next;
        refused = Optional.empty();
        return Optional.empty();
    }

    /**
     * The list that is the newest here is not checked again: a newer one with many more users would make it look bad.
     */
    private Optional<String> apply(UserSnapshot next) {
        long asked = nanos.getAsLong();
        boolean counted = hasCounted && isApplied(next);
        Optional<String> refusal = records.all()
                .flatMap(known -> (counted ? Optional.<String>empty() : refusal(next, known))
                        .map(why -> Mono.just(Optional.of(why)))
                        .orElseGet(() -> applied(next, known, counted, asked).thenReturn(Optional.empty())))
                .blockOptional(LIMIT)
                .orElseThrow();
        claimed = nanos.getAsLong();
        return refusal;
    }

    private Mono<Void> applied(UserSnapshot next, Map<Subject, UserRecord> known, boolean counted, long asked) {
        return records.claim(next.version(), version, revision, counted).flatMap(claim -> {
            Mono<Void> drawn = claim.isNewest() ? conclusions(next, claim.revision(), known) : Mono.empty();
            return drawn.doOnSuccess(done -> {
                hasCounted = counted || claim.isNewest();
                applied(next, claim, asked);
            });
        });
    }

    private void applied(UserSnapshot users, Claim claim, long asked) {
        isNewest = false;
        version = users.version();
        before = users;
        revision = claim.revision();
        isOlder = !claim.isNewest();
        if (claim.isNewest()) {
            newestSince = asked;
            isNewest = true;
            said = "";
        } else {
            warnOnce("another node has read a newer list; what that one says counts");
        }
    }

    /** Compared with the recorded users, because at the start there is no earlier list. */
    private static Optional<String> refusal(UserSnapshot users, Map<Subject, UserRecord> known) {
        return users.lossOf(known.entrySet().stream()
                .filter(user -> user.getValue().mayEnter())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet()));
    }

    private Mono<Void> conclusions(UserSnapshot users, long newest, Map<Subject, UserRecord> known) {
        Set<Subject> all = new HashSet<>(known.keySet());
        all.addAll(before.all());
        all.addAll(users.all());
        return Flux.fromIterable(all)
                .flatMap(subject -> conclusion(subject, UserState.of(users, subject), newest, known), AT_ONCE)
                .then();
    }

    private Mono<Void> conclusion(Subject subject, UserState says, long newest, Map<Subject, UserRecord> known) {
        UserRecord record = known.get(subject);
        return record == null
                ? notedBefore(subject, says, newest).then(conclusions.noted(subject, says, newest))
                : conclusions.draw(subject, says, newest, record);
    }

    /** Redis may have lost what this node still knows: its list until now. */
    private Mono<Void> notedBefore(Subject subject, UserState says, long newest) {
        UserState said = UserState.of(before, subject);
        if (said.equals(says)) {
            return Mono.empty();
        }
        UserRecord record = new UserRecord(
                newest - 1, Instant.EPOCH, said.stamp(), said.reason().word(), said.roles(), false);
        return records.note(subject, newest - 1, said.stamp(), said.reason().word(), said.roles())
                .then(conclusions.rolesChanged(subject, says, newest, record));
    }

    private void warnOnce(String sentence) {
        if (!sentence.equals(said)) {
            LOGGER.warn("users: {}", sentence);
            said = sentence;
        }
    }
}
