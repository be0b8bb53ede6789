package dev.latchkey.gateway.pipeline.verification;

import dev.latchkey.gateway.token.AccessClaims;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What is known of a presented access token. */
public sealed interface VerificationOutcome {

    /** One function for each way on. */
    <R> R fold(Function<AccessClaims, R> valid, Supplier<R> renewable, Supplier<R> invalid, Supplier<R> unavailable);

    /** What it says where a withdrawn role is all that is wrong with it. */
    default Optional<AccessClaims> outdated() {
        return Optional.empty();
    }

    /** It holds, and no denylist entry refuses it. */
    record Valid(AccessClaims claims) implements VerificationOutcome {
        @Override
        public <R> R fold(
                Function<AccessClaims, R> valid, Supplier<R> renewable, Supplier<R> invalid, Supplier<R> unavailable) {
            return valid.apply(claims);
        }
    }

    /** It has expired or is denied: it opens nothing, and a refresh token may mend that. */
    record Renewable() implements VerificationOutcome {
        @Override
        public <R> R fold(
                Function<AccessClaims, R> valid, Supplier<R> renewable, Supplier<R> invalid, Supplier<R> unavailable) {
            return renewable.get();
        }
    }

    /** As {@link Renewable}, because it carries a role that was withdrawn since: the rest of it held. */
    record Outdated(AccessClaims claims) implements VerificationOutcome {
        @Override
        public <R> R fold(
                Function<AccessClaims, R> valid, Supplier<R> renewable, Supplier<R> invalid, Supplier<R> unavailable) {
            return renewable.get();
        }

        @Override
        public Optional<AccessClaims> outdated() {
            return Optional.of(claims);
        }
    }

    /** It is not a token of this gateway's making. */
    record Invalid() implements VerificationOutcome {
        @Override
        public <R> R fold(
                Function<AccessClaims, R> valid, Supplier<R> renewable, Supplier<R> invalid, Supplier<R> unavailable) {
            return invalid.get();
        }
    }

    /** The denylist could not be asked. */
    record Unavailable() implements VerificationOutcome {
        @Override
        public <R> R fold(
                Function<AccessClaims, R> valid, Supplier<R> renewable, Supplier<R> invalid, Supplier<R> unavailable) {
            return unavailable.get();
        }
    }
}
