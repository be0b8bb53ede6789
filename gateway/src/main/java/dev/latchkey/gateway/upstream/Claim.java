package dev.latchkey.gateway.upstream;

import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.Subject;
import java.util.function.Function;

/** What claim.lua answered. */
sealed interface Claim {

    default <R> R fold(Function<Mine, R> mine, Function<NotMine, R> notMine) {
        return this instanceof Mine claimed ? mine.apply(claimed) : notMine.apply((NotMine) this);
    }

    /**
     * This node may call the provider, once, until the lease ends.
     *
     * @param fence the claim's number
     * @param number of the tokens that are held
     * @param isUncertain whether an earlier call is unaccounted for, so that a refusal may be due to that
     * @param subject whose session it is
     * @param claims the session's, as they are stored
     * @param sealed the tokens
     * @param isSafe whether a replica has the claim, or there is none
     */
    record Mine(
            long fence,
            long number,
            boolean isUncertain,
            ProviderName provider,
            Subject subject,
            String claims,
            String sealed,
            boolean isSafe)
            implements Claim {}

    /** This node must not ask the provider now. */
    enum NotMine implements Claim {
        /** There is nothing to ask for: no live session, or no tokens. */
        GONE,
        /** The tokens are not due yet, or have been refreshed already. */
        FRESH,
        /** Another has claimed, or a call that is unaccounted for has to be waited for. */
        HELD,
        /** There was trouble, and it is too early. */
        BACKOFF
    }

    /** Why a provider is asked. */
    enum Reason {
        /** Ahead of the access token's end. */
        DUE,
        /** The access token has ended. */
        HARD,
        /** A node claimed and did not come back. */
        ORPHAN
    }
}
