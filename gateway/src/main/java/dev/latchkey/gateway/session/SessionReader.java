package dev.latchkey.gateway.session;

import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.redis.ScriptAnswer;
import dev.latchkey.gateway.session.RotateOutcome.Refused;
import dev.latchkey.gateway.session.RotateOutcome.RefusedRow;
import dev.latchkey.gateway.session.SessionReader.State.Live;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.SessionClaims;
import dev.latchkey.gateway.token.SessionId;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Looks at sessions and leaves them as they are. No call fails because Redis is away: that is an outcome. */
@Component
public final class SessionReader {

    static final RedisScript<?> LOOK = SessionScripts.read("look");

    private static final String LATER = "LATER";

    /** The rows of a session whose tokens nobody accepts any more. */
    private static final Set<String> OVER = Set.of(RefusedRow.REVOKED.name(), RefusedRow.EXPIRED.name());

    private static final State UNREADABLE =
            new State.Over(new Refused(RefusedRow.UNREADABLE, Optional.of(RevocationReason.UNREADABLE.word())));

    private final TimedScripts redis;
    private final PublicSessionIds ids;
    private final Lifetimes lifetimes;

    SessionReader(TimedScripts redis, PublicSessionIds ids, Lifetimes lifetimes) {
        this.redis = redis;
        this.ids = ids;
        this.lifetimes = lifetimes;
    }

    /** The session of an access token that was accepted, if it can be read. */
    public Mono<Optional<Live>> ofAccepted(SessionClaims accepted) {
        return stateOfAccepted(accepted)
                .map(state -> state instanceof Live live ? Optional.of(live) : Optional.empty());
    }

    /** The session of an access token that was accepted, or why it cannot be read. */
    public Mono<State> stateOfAccepted(SessionClaims accepted) {
        return look(accepted.session(), "", "")
                .map(answer -> state(accepted, answer))
                .onErrorResume(Faults.become(new State.Unavailable()));
    }

    /** The session of a refresh token, if {@link RedisSessionStore#rotate} would rotate with it now. */
    public Mono<State> ofRotatable(RefreshClaims presented) {
        return look(
                        presented.session(),
                        presented.generation().number(),
                        presented.branch().value())
                .map(answer -> state(presented, answer))
                .onErrorResume(Faults.become(new State.Unavailable()));
    }

    /**
     * What is left of the session of a refresh token, if it has ended. Fails where Redis does: its caller sees to that.
     */
    Mono<Refused> ended(RefreshClaims presented) {
        return look(presented.session(), "", "")
                .filter(answer -> OVER.contains(answer.text(1)))
                .map(answer -> Refused.read(presented, answer, lifetimes.idle()));
    }

    /** Whether the session of a refresh token lives and is bound to a device, or may be bound again to one. */
    public Mono<Binding> bindingOf(RefreshClaims presented) {
        return bindingOf(presented.session());
    }

    private Mono<Binding> bindingOf(SessionId session) {
        return look(session, "", "").map(SessionReader::binding).onErrorResume(Faults.become(Unbound.UNAVAILABLE));
    }

    /** What {@link #bindingOf(RefreshClaims)} says of the session with this public id. */
    public Mono<Binding> bindingOf(PublicSessionId session) {
        return ids.find(session)
                .flatMap(this::bindingOf)
                .defaultIfEmpty(Unbound.OVER)
                .onErrorResume(Faults.become(Unbound.UNAVAILABLE));
    }

    private static Binding binding(ScriptAnswer answer) {
        return switch (answer.text(1)) {
            case "LIVE" ->
                key(answer)
                        .<Binding>map(key -> new Bound(new Generation(Math.toIntExact(answer.number(2))), key))
                        .orElse(Unbound.LIVE);
            case LATER -> Unbound.UNAVAILABLE;
            default -> Unbound.OVER;
        };
    }

    private static Optional<String> key(ScriptAnswer answer) {
        return Stream.of(answer.text(7), answer.text(8))
                .filter(key -> !key.isEmpty())
                .findFirst();
    }

    private Mono<ScriptAnswer> look(SessionId session, Object generation, String branch) {
        return redis.run(
                LOOK,
                SessionKeys.recordAndEnded(session),
                session.value(),
                generation,
                branch,
                lifetimes.grace().toMillis());
    }

    private State state(SessionClaims presented, ScriptAnswer answer) {
        if (answer.text(1).equals(LATER)) {
            return new State.Unavailable();
        }
        return isLive(answer)
                ? live(presented, answer).<State>map(live -> live).orElse(UNREADABLE)
                : new State.Over(Refused.read(presented, answer, lifetimes.idle()));
    }

    private static boolean isLive(ScriptAnswer answer) {
        return answer.text(1).equals("LIVE");
    }

    private static Optional<Live> live(SessionClaims claims, ScriptAnswer answer) {
        return StoredClaims.parse(answer.text(6)).map(stored -> live(claims, stored, answer));
    }

    private static Live live(SessionClaims claims, StoredClaims stored, ScriptAnswer answer) {
        SessionView view = new SessionView(
                claims.session(),
                claims.subject(),
                new Generation(Math.toIntExact(answer.number(2))),
                answer.instant(3),
                answer.instant(4),
                stored.stamp(),
                stored.provider(),
                answer.now());
        return new Live(view, answer.instant(5), !answer.text(7).isEmpty());
    }

    /** A session as it is now, looked at without changing it. */
    public sealed interface State {

        /**
         * It lives.
         *
         * @param idleEnd when it ends unless it is rotated before; never after its absolute end
         * @param deviceBound whether it is bound to a device
         */
        record Live(SessionView session, Instant idleEnd, boolean deviceBound) implements State {}

        /**
         * It is over, or the presented token would not be rotated, perhaps because only the key of a device does it.
         */
        record Over(Refused refused) implements State {}

        /** Redis did not answer, or only a node of a later version can read it. */
        record Unavailable() implements State {}
    }

    /** Whether a session is bound to a device. */
    public sealed interface Binding {}

    /**
     * It lives and is, or was: then a proof binds it again.
     *
     * @param current its generation
     * @param key of the device, a compressed point in base64url
     */
    public record Bound(Generation current, String key) implements Binding {}

    /** No key could be asked for a proof. */
    public enum Unbound implements Binding {
        /** It lives, and any refresh token of its newest generation rotates it. */
        LIVE,
        /** It has ended, or its OpenID Provider has lost it. */
        OVER,
        /** Redis did not answer, or only a node of a later version can read it. */
        UNAVAILABLE
    }
}
