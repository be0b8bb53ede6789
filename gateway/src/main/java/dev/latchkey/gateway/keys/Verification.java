package dev.latchkey.gateway.keys;

import java.util.function.Function;

/**
 * What came of verifying a token. "Expired" means that everything but the clock held: signature, algorithm, type,
 * issuer and audience were checked all the same.
 *
 * @param <C> the claims of this kind of token
 */
public sealed interface Verification<C> {

    /** One function an outcome. */
    <R> R fold(Function<Valid<C>, R> valid, Function<Expired<C>, R> expired, Function<Invalid<C>, R> invalid);

    /** All held. */
    record Valid<C>(C claims) implements Verification<C> {
        @Override
        public <R> R fold(
                Function<Valid<C>, R> valid, Function<Expired<C>, R> expired, Function<Invalid<C>, R> invalid) {
            return valid.apply(this);
        }
    }

    /** All held but {@code exp}. */
    record Expired<C>(C claims) implements Verification<C> {
        @Override
        public <R> R fold(
                Function<Valid<C>, R> valid, Function<Expired<C>, R> expired, Function<Invalid<C>, R> invalid) {
            return expired.apply(this);
        }
    }

    /** Nothing of it may be believed. */
    record Invalid<C>(InvalidTokenReason reason) implements Verification<C> {
        @Override
        public <R> R fold(
                Function<Valid<C>, R> valid, Function<Expired<C>, R> expired, Function<Invalid<C>, R> invalid) {
            return invalid.apply(this);
        }
    }
}
