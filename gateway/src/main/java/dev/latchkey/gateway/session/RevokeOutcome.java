package dev.latchkey.gateway.session;

import java.util.function.Supplier;

/** What came of ending a session. */
public sealed interface RevokeOutcome {

    /** One function an outcome. */
    <R> R fold(Supplier<R> revoked, Supplier<R> notFound, Supplier<R> unavailable);

    /** It is ended, now or before. */
    record Revoked() implements RevokeOutcome {
        @Override
        public <R> R fold(Supplier<R> revoked, Supplier<R> notFound, Supplier<R> unavailable) {
            return revoked.get();
        }
    }

    /** There is none like it among the user's. */
    record NotFound() implements RevokeOutcome {
        @Override
        public <R> R fold(Supplier<R> revoked, Supplier<R> notFound, Supplier<R> unavailable) {
            return notFound.get();
        }
    }

    /** Redis did not answer: it may live on. */
    record Unavailable() implements RevokeOutcome {
        @Override
        public <R> R fold(Supplier<R> revoked, Supplier<R> notFound, Supplier<R> unavailable) {
            return unavailable.get();
        }
    }
}
