package dev.latchkey.gateway.upstream;

import dev.latchkey.gateway.token.BackendToken;
import java.time.Duration;
import java.util.function.Function;

/** A provider's access token for a backend, or why there is none. */
public sealed interface Relayed {

    default <R> R fold(Function<Token, R> token, Function<Without, R> without, Function<Unavailable, R> unavailable) {
        if (this instanceof Token relayed) {
            return token.apply(relayed);
        }
        return this instanceof Unavailable away ? unavailable.apply(away) : without.apply((Without) this);
    }

    /** The token. */
    record Token(String credentials) implements Relayed, BackendToken {

        /** The value of {@code Authorization} with a token that any bearer may use (RFC 6750 section 2.1). */
        static Token of(String value) {
            return new Token("Bearer " + value);
        }

        /** Hides it. */
        @Override
        public String toString() {
            return "Token[hidden]";
        }
    }

    /** There is none, and to come again does not help. */
    enum Without implements Relayed {
        /**
         * No provider began the session, or its tokens are bound to a key of the gateway (RFC 9449), so that no backend
         * could use them.
         */
        NONE,
        /** It has ended, and the provider gives no other without the user. */
        ENDED,
        /** The provider gives none for this audience (RFC 8693 section 2.2.2), which only operators can change. */
        NOT_EXCHANGED
    }

    /**
     * It has ended, or is not there yet, and the next may come soon: 503.
     *
     * @param retryAfter when it is worth to come again
     */
    record Unavailable(Duration retryAfter) implements Relayed {}
}
