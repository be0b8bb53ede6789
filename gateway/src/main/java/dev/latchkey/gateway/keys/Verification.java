package dev.latchkey.gateway.keys;

import java.util.function.Function;

/**
 * What came of verifying a token.
 *
 * @param <C> the claims of this kind of token
 */
public sealed interface Verification<C> {

    default <R> R fold(Function<Valid<C>, R> valid, Function<Expired<C>, R> expired, Function<Invalid<C>, R> invalid) {
        if (this instanceof Valid<C> all) {
            return valid.apply(all);
        }
        return this instanceof Expired<C> late ? expired.apply(late) : invalid.apply((Invalid<C>) this);
    }

    /** Everything is as it must be. */
    record Valid<C>(C claims) implements Verification<C> {}

    /** Everything but {@code exp} is: signature, algorithm, type, issuer and audience were checked all the same. */
    record Expired<C>(C claims) implements Verification<C> {}

    /** Nothing in the token may be believed. */
    record Invalid<C>(InvalidTokenReason reason) implements Verification<C> {}

    /** Why a token is invalid; for audit and metrics, never for the response. */
    enum InvalidTokenReason {
        /** Not a signed JWT, cut off, or longer than the gateway reads. */
        MALFORMED,
        /** An algorithm or a key that the gateway does not use. */
        FOREIGN_KEY,
        /** The signature does not match. */
        SIGNATURE,
        /** Another kind of token: {@code typ} says so (RFC 8725 section 3.11). */
        TYPE,
        /** Another issuer or audience. */
        ISSUER_OR_AUDIENCE,
        /** Signed by the gateway, but a required claim is missing or malformed. */
        CLAIMS
    }
}
