package dev.latchkey.gateway.denylist;

import java.util.function.Supplier;

/** What the denylist says: yes, no, or that it could not be asked. The last is never taken for either of the others. */
public sealed interface DenylistAnswer {

    /** One function an answer. */
    <R> R fold(Supplier<R> accepted, Supplier<R> denied, Supplier<R> unavailable);

    /** No entry refuses it. */
    record Accepted() implements DenylistAnswer {
        @Override
        public <R> R fold(Supplier<R> accepted, Supplier<R> denied, Supplier<R> unavailable) {
            return accepted.get();
        }
    }

    /** An entry refuses it. */
    record Denied() implements DenylistAnswer {
        @Override
        public <R> R fold(Supplier<R> accepted, Supplier<R> denied, Supplier<R> unavailable) {
            return denied.get();
        }
    }

    /** Redis did not answer. */
    record Unavailable() implements DenylistAnswer {
        @Override
        public <R> R fold(Supplier<R> accepted, Supplier<R> denied, Supplier<R> unavailable) {
            return unavailable.get();
        }
    }
}
