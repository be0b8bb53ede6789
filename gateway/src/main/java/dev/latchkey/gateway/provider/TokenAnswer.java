package dev.latchkey.gateway.provider;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** What came of one request to a provider's token endpoint (RFC 6749 section 5). It was sent once, or not at all. */
public sealed interface TokenAnswer {

    default <R> R fold(
            Function<Granted, R> granted,
            Function<Refused, R> refused,
            Function<Ours, R> ours,
            Function<Trouble, R> trouble,
            Function<Unknown, R> unknown,
            Function<Unsent, R> unsent) {
        if (this instanceof Granted answer) {
            return granted.apply(answer);
        }
        if (this instanceof Refused answer) {
            return refused.apply(answer);
        }
        if (this instanceof Ours answer) {
            return ours.apply(answer);
        }
        if (this instanceof Trouble answer) {
            return trouble.apply(answer);
        }
        return this instanceof Unknown answer ? unknown.apply(answer) : unsent.apply((Unsent) this);
    }

    /**
     * Tokens. Their ID token is not judged yet.
     *
     * @param tokens with the refresh token that was sent, if the provider gave no new one
     * @param expiresIn how long the access token lives; the configured default if the provider did not say
     * @param refreshExpiresIn how long the refresh token lives, where the provider says so and it ends at all
     */
    record Granted(UpstreamTokens tokens, Duration expiresIn, Optional<Duration> refreshExpiresIn)
            implements TokenAnswer {}

    /**
     * The provider refuses this grant: the code or refresh token is void, or the user must act.
     *
     * @param error the error code, such as {@code invalid_grant}
     */
    record Refused(String error) implements TokenAnswer {}

    /**
     * The provider refuses this gateway: its configuration is wrong, here or there. It says nothing of the grant.
     *
     * @param error the error code, such as {@code invalid_client}
     */
    record Ours(String error) implements TokenAnswer {}

    /**
     * The provider did not work on the request, and says so (429, or 503 with {@code Retry-After}).
     *
     * @param retryAfter what it asks for
     */
    record Trouble(Optional<Duration> retryAfter) implements TokenAnswer {}

    /**
     * The request was sent, and nobody knows what became of it.
     *
     * @param what a word for logs: a status, or how the connection ended
     */
    record Unknown(String what) implements TokenAnswer {}

    /**
     * Nothing was sent.
     *
     * @param why a word for logs
     */
    record Unsent(String why) implements TokenAnswer {}
}
