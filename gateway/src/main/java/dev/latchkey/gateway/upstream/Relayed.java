package dev.latchkey.gateway.upstream;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

/** A provider's access token for a backend, or why there is none. */
public sealed interface Relayed {

    default <R> R fold(Function<Token, R> token, Supplier<R> none, Function<Unavailable, R> unavailable) {
        if (this instanceof Token relayed) {
            return token.apply(relayed);
        }
        return this instanceof Unavailable away ? unavailable.apply(away) : none.get();
    }

    /** The token. */
    record Token(String value) implements Relayed {

        /** Hides it. */
        @Override
        public String toString() {
            return "Token[hidden]";
        }
    }

    /** No provider began the session, or its tokens are gone. */
    record None() implements Relayed {}

    /**
     * It has ended, and there is none yet: 503.
     *
     * @param retryAfter when it is worth to come again
     */
    record Unavailable(Duration retryAfter) implements Relayed {}
}
