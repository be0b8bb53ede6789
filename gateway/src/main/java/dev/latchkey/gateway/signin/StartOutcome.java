package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.token.TokenPair;
import java.util.function.Function;

/** What came of signing in. */
sealed interface StartOutcome {

    <R> R fold(Function<TokenPair, R> started, Function<Problem, R> refused);

    /** A session began. */
    record Started(TokenPair pair) implements StartOutcome {
        @Override
        public <R> R fold(Function<TokenPair, R> started, Function<Problem, R> refused) {
            return started.apply(pair);
        }
    }

    /** None did: 401, 429 or 503. */
    record Refused(Problem problem) implements StartOutcome {
        @Override
        public <R> R fold(Function<TokenPair, R> started, Function<Problem, R> refused) {
            return refused.apply(problem);
        }
    }
}
