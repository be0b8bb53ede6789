package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.token.TokenPair;
import java.util.function.Function;
import java.util.function.Supplier;

/** What came of an authorization code. */
sealed interface ExchangeOutcome {

    default <R> R fold(Function<TokenPair, R> started, Supplier<R> kept, Function<Failed, R> failed) {
        if (this instanceof Started session) {
            return started.apply(session.pair);
        }
        return this instanceof Kept ? kept.get() : failed.apply((Failed) this);
    }

    /** A session began. */
    record Started(TokenPair pair) implements ExchangeOutcome {}

    /** The browser has a session of this very user that began after the attempt did. */
    record Kept() implements ExchangeOutcome {}

    /**
     * There is none.
     *
     * @param problem that of the refusal, with how long to wait where that is known
     * @param mayPass whether a new attempt may end otherwise
     */
    record Failed(Refusal refusal, Problem problem, boolean mayPass) implements ExchangeOutcome {

        Failed(Refusal refusal, boolean mayPass) {
            this(refusal, refusal.problem(), mayPass);
        }
    }
}
