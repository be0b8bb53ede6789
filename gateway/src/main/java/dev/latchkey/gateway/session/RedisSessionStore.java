package dev.latchkey.gateway.session;

import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.device.DeviceChallenges;
import dev.latchkey.gateway.device.DeviceProof;
import dev.latchkey.gateway.redis.RedisClient.Acknowledged;
import dev.latchkey.gateway.redis.ScriptAnswer;
import dev.latchkey.gateway.session.RotateOutcome.Granted;
import dev.latchkey.gateway.session.RotateOutcome.GrantedRow;
import dev.latchkey.gateway.session.RotateOutcome.Refused;
import dev.latchkey.gateway.session.RotateOutcome.RefusedRow;
import dev.latchkey.gateway.session.RotateOutcome.UpstreamState;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * The sessions in Redis, each call one script. No call fails with an exception because Redis is away: each has an
 * outcome for that, within the command time limit, and 503 is the only right answer to it.
 */
public final class RedisSessionStore {

    static final RedisScript<?> CREATE = SessionScripts.read("create");
    static final RedisScript<?> ROTATE = SessionScripts.read("rotate");
    static final RedisScript<?> COMMIT = SessionScripts.read("commit");
    static final RedisScript<?> CONFIRM = SessionScripts.read("confirm");
    private static final RedisScript<?> CURRENT = SessionScripts.read("current");

    /** Confirmations at a time; a further one is dropped, which delays the detection of a theft and ends no session. */
    static final int MAX_CONFIRMATIONS = 1024;

    /**
     * How many parts an answer of rotate.lua has that grants, for a session without a provider; a refusal has fewer.
     */
    private static final int GRANT = 7;

    /** A record of a later format, about which only a node of that version can decide. */
    private static final String LATER = "LATER";

    private final TimedScripts redis;
    private final SessionRevoker revoker;
    private final UserSessionIndex index;
    private final Lifetimes lifetimes;
    private final Retry confirmationRetry;
    private final Semaphore confirmations = new Semaphore(MAX_CONFIRMATIONS);
    private final SecureRandom random = new SecureRandom();

    RedisSessionStore(
            TimedScripts redis,
            SessionRevoker revoker,
            UserSessionIndex index,
            Lifetimes lifetimes,
            Retry confirmationRetry) {
        this.redis = redis;
        this.revoker = revoker;
        this.index = index;
        this.lifetimes = lifetimes;
        this.confirmationRetry = confirmationRetry;
    }

    /** Starts a session at generation 1, under a new id, and ends the oldest of a user who has too many. */
    public Mono<RedisResult<SessionView>> create(NewSession session) {
        SessionId id = SessionId.random(random);
        ClientFacts client = session.client().shortened();
        return redis.runAcknowledged(
                        CREATE,
                        SessionKeys.recordAndEnded(id),
                        session.subject().value(),
                        new StoredClaims(session.credentialStamp(), session.provider()).json(),
                        client.userAgent(),
                        client.address(),
                        lifetimes.idle().toMillis(),
                        lifetimes.absolute().toMillis(),
                        id.value(),
                        revoker.notBefore(session.subject()))
                .map(written -> created(id, session, written.answer()))
                .flatMap(view -> listed(view).onErrorResume(failure -> undone(view, failure)))
                .onErrorResume(Faults.become(new RedisResult.Unavailable<>()));
    }

    private static SessionView created(SessionId id, NewSession session, ScriptAnswer answer) {
        return new SessionView(
                id,
                session.subject(),
                Generation.FIRST,
                answer.instant(1),
                answer.instant(2),
                session.credentialStamp(),
                session.provider(),
                answer.now());
    }

    private Mono<RedisResult<SessionView>> listed(SessionView view) {
        return index.add(view.subject(), view.id())
                .flatMap(oldest -> replaced(view.subject(), oldest))
                .then(Mono.just(new RedisResult.Answered<>(view)));
    }

    /** Nobody gets to know of it: it would be there, and perhaps listed, until it ends idle. */
    private Mono<RedisResult<SessionView>> undone(SessionView view, Throwable failure) {
        return revoker.revoke(view.subject(), view.id(), RevocationReason.SIGN_IN_FAILED)
                .then(Mono.error(failure));
    }

    private Mono<Void> replaced(Subject subject, SessionId oldest) {
        return revoker.revoke(subject, oldest, RevocationReason.TOO_MANY)
                .filter(RevokeOutcome.REVOKED::equals)
                .flatMap(ended -> index.retire(subject, oldest));
    }

    /** The rotation protocol's {@code rotate}: rotate.lua decides, in one round trip. */
    public Mono<RotateOutcome> rotate(RefreshClaims presented) {
        return rotate(presented, false, Optional.empty());
    }

    /** The same for a session that is bound to a device, or is to be: a verified proof says which key signed what. */
    public Mono<RotateOutcome> rotate(RefreshClaims presented, DeviceProof proof) {
        return rotate(presented, false, Optional.of(proof));
    }

    /**
     * The same for a request whose access token, of the same generation, was refused because it carries a role that its
     * user no longer has. What is granted is {@code FORCED} where {@link #rotate} would have granted an access token of
     * a young generation.
     */
    public Mono<RotateOutcome> renew(RefreshClaims presented) {
        return rotate(presented, true, Optional.empty());
    }

    private Mono<RotateOutcome> rotate(RefreshClaims presented, boolean forced, Optional<DeviceProof> proof) {
        return redis.run(
                        ROTATE,
                        SessionKeys.allAndUpstream(presented.session()),
                        presented.session().value(),
                        presented.generation().number(),
                        presented.branch().value(),
                        lifetimes.grace().toMillis(),
                        lifetimes.idle().toMillis(),
                        lifetimes.access().toMillis(),
                        lifetimes.denylistEntry().toMillis(),
                        forced ? 1 : 0,
                        proof.map(DeviceProof::key).orElse(""),
                        proof.map(made -> made.challenged().number()).orElse(0),
                        proof.filter(DeviceProof::registers).isPresent() ? 1 : 0,
                        DeviceChallenges.REGISTRATION.toMillis())
                .flatMap(answer -> outcome(presented, answer, proof.isPresent()))
                .onErrorResume(Faults.become(new RotateOutcome.Unavailable()));
    }

    private Mono<RotateOutcome> outcome(RefreshClaims presented, ScriptAnswer answer, boolean isProven) {
        String row = answer.text(1);
        if (row.equals(LATER)) {
            return Mono.just(new RotateOutcome.Unavailable());
        }
        if (answer.size() < GRANT) {
            return refused(presented, Refused.read(presented, answer, lifetimes.idle()), answer);
        }
        return StoredClaims.parse(answer.text(5))
                .map(claims -> granted(presented, claims, answer, isProven))
                .orElseGet(() -> endUnreadable(presented));
    }

    /**
     * A new branch or the key of a device, if it is lost in a failover, is not restored by RECOVERED as the other rows
     * are. A rotation that a device has proven is restored, but its challenge would be good once more, for anybody who
     * has seen the proof: it waits, too, and goes on where no replica confirms it in time, which is reported.
     */
    private Mono<RotateOutcome> granted(
            RefreshClaims presented, StoredClaims claims, ScriptAnswer answer, boolean deviceBound) {
        SessionView view = new SessionView(
                presented.session(),
                presented.subject(),
                new Generation(Math.toIntExact(answer.number(2))),
                answer.instant(3),
                answer.instant(4),
                claims.stamp(),
                claims.provider(),
                answer.now());
        Granted granted = new Granted(
                GrantedRow.valueOf(answer.text(1)), view, answer.number(6) == 1, upstream(answer), deviceBound);
        if (!granted.mintsRefresh()) {
            return Mono.just(granted);
        }
        if (granted.row() != GrantedRow.ROTATED) {
            return ifReplicated(view.id(), granted, kept(granted));
        }
        return deviceBound ? ifReplicated(view.id(), granted, kept(granted).thenReturn(granted)) : Mono.just(granted);
    }

    private static Optional<UpstreamState> upstream(ScriptAnswer answer) {
        if (answer.size() <= GRANT) {
            return Optional.empty();
        }
        Optional<Instant> since = answer.number(9) == 0 ? Optional.empty() : Optional.of(answer.instant(9));
        return Optional.of(new UpstreamState(answer.number(7) == 1, answer.instant(8), since));
    }

    /** Writes the mint again by the commit script, which asks the same and can be waited for, with all before it. */
    private Mono<RotateOutcome> kept(Granted granted) {
        return commit(granted.session().id(), granted.session().generation(), true)
                .map(outcome -> outcome == CommitOutcome.SET ? granted : new RotateOutcome.Unavailable());
    }

    /** The script has ended a session that was reused; that, too, must not be lost in a failover. */
    private Mono<RotateOutcome> refused(RefreshClaims presented, Refused refused, ScriptAnswer answer) {
        SessionId session = presented.session();
        return switch (refused.row()) {
            case REUSED -> {
                revoker.note(session, answer);
                yield ifReplicated(
                        session,
                        refused,
                        revoker.revokeUnrecorded(session, RevocationReason.REUSED)
                                .thenReturn(refused));
            }
            case UNREADABLE -> {
                revoker.ended(presented.subject(), session, RevocationReason.UNREADABLE, answer);
                yield Mono.just(refused);
            }
            default -> Mono.just(refused);
        };
    }

    private Mono<RotateOutcome> ifReplicated(SessionId session, RotateOutcome outcome, Mono<RotateOutcome> then) {
        return redis.haveReplica(List.of(SessionKeys.record(session)))
                .flatMap(replicated -> replicated ? then : Mono.just(outcome));
    }

    /** The script knows no JSON, so unreadable claims are found out here. */
    private Mono<RotateOutcome> endUnreadable(RefreshClaims presented) {
        return revoker.revoke(presented.subject(), presented.session(), RevocationReason.UNREADABLE)
                .map(ended -> ended == RevokeOutcome.UNAVAILABLE
                        ? new RotateOutcome.Unavailable()
                        : new Refused(RefusedRow.UNREADABLE, Optional.of(RevocationReason.UNREADABLE.word())));
    }

    /**
     * Whether rotated tokens may still be set when the answer leaves late.
     *
     * @param withRefresh whether a refresh token is among them; its mint must then be on a replica where there is one
     */
    public Mono<CommitOutcome> commit(SessionId session, Generation generation, boolean withRefresh) {
        List<String> record = List.of(SessionKeys.record(session));
        Object[] arguments = {
            generation.number(), withRefresh ? 1 : 0, lifetimes.grace().toMillis()
        };
        Mono<Acknowledged<ScriptAnswer>> written = withRefresh
                ? redis.runAcknowledged(COMMIT, record, arguments)
                : redis.run(COMMIT, record, arguments).map(answer -> new Acknowledged<>(answer, true, false));
        return written.map(commit -> commit.isSafe() && commit.answer().number(1) == 1)
                .map(maySet -> maySet ? CommitOutcome.SET : CommitOutcome.SET_NOTHING)
                .onErrorResume(Faults.become(CommitOutcome.SET_NOTHING));
    }

    /**
     * Whether the session lives and this is its newest generation: for requests that must not wait for a revocation to
     * spread.
     */
    public Mono<CurrentOutcome> isCurrent(SessionId session, Generation generation) {
        return redis.run(CURRENT, List.of(SessionKeys.record(session)), generation.number())
                .map(answer -> answer.number(1) == 1 ? CurrentOutcome.CURRENT : CurrentOutcome.OVER)
                .onErrorResume(Faults.become(CurrentOutcome.UNAVAILABLE));
    }

    /**
     * Notes that a token of this generation was used, retried for about as long as a failover takes. Completes empty,
     * also where Redis stays away or too many are under way.
     */
    public Mono<Void> confirm(SessionId session, Generation generation) {
        return Mono.defer(() -> confirmations.tryAcquire() ? confirmed(session, generation) : Mono.empty());
    }

    private Mono<Void> confirmed(SessionId session, Generation generation) {
        return redis.run(CONFIRM, List.of(SessionKeys.record(session)), generation.number())
                .retryWhen(confirmationRetry)
                .onErrorComplete()
                .doFinally(signal -> confirmations.release())
                .then();
    }

    /** Whether a generation is its session's current one, by the session's record. */
    public enum CurrentOutcome {
        /** The session lives, and no generation is newer. */
        CURRENT,
        /** The session has ended, or has a newer generation. */
        OVER,
        /** Redis did not answer. */
        UNAVAILABLE
    }
}
