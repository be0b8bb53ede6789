package dev.latchkey.gateway.session;

import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.redis.ScriptAnswer;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.SessionClaims;
import java.time.Instant;
import java.util.List;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Looks at sessions and leaves them as they are. No call fails because Redis is away: that is an outcome. */
@Component
public final class SessionReader {

    static final RedisScript<?> LOOK = SessionScripts.read("look");

    private final TimedScripts redis;
    private final Lifetimes lifetimes;

    SessionReader(TimedScripts redis, Lifetimes lifetimes) {
        this.redis = redis;
        this.lifetimes = lifetimes;
    }

    /** The session of an access token that was accepted. */
    public Mono<State> ofAccepted(SessionClaims accepted) {
        return look(accepted, "", "");
    }

    /** The session of a refresh token, if {@link RedisSessionStore#rotate} would rotate with it now. */
    public Mono<State> ofRotatable(RefreshClaims presented) {
        return look(
                presented, presented.generation().number(), presented.branch().value());
    }

    private Mono<State> look(SessionClaims claims, Object generation, String branch) {
        return redis.run(
                        LOOK,
                        List.of(SessionKeys.record(claims.session())),
                        generation,
                        branch,
                        lifetimes.grace().toMillis())
                .map(answer -> state(claims, answer))
                .onErrorResume(Faults.become(State.Gone.UNAVAILABLE));
    }

    private static State state(SessionClaims claims, ScriptAnswer answer) {
        return switch (answer.text(1)) {
            case "LIVE" ->
                StoredClaims.parse(answer.text(6))
                        .map(stored -> live(claims, stored, answer))
                        .orElse(State.Gone.OVER);
            case "LAPSED" -> State.Gone.LAPSED;
            case "OVER" -> State.Gone.OVER;
            default -> State.Gone.UNAVAILABLE;
        };
    }

    private static State live(SessionClaims claims, StoredClaims stored, ScriptAnswer answer) {
        SessionView view = new SessionView(
                claims.session(),
                claims.subject(),
                new Generation(Math.toIntExact(answer.number(2))),
                answer.instant(3),
                answer.instant(4),
                stored.stamp(),
                stored.provider(),
                answer.now());
        return new State.Live(view, answer.instant(5));
    }

    /** A session as it is now, looked at without changing it. */
    public sealed interface State {

        /**
         * It lives.
         *
         * @param idleEnd when it ends unless it is rotated before; never after its absolute end
         */
        record Live(SessionView session, Instant idleEnd) implements State {}

        /** There is nothing to tell of it. */
        enum Gone implements State {
            /** It has ended, or the presented token would not be rotated. */
            OVER,
            /** Its OpenID Provider has lost it. */
            LAPSED,
            /** Redis did not answer, or only a node of a later version can read it. */
            UNAVAILABLE
        }
    }
}
