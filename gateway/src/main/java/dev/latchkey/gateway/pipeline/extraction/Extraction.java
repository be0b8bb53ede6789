package dev.latchkey.gateway.pipeline.extraction;

import java.util.function.Function;
import java.util.function.Supplier;

/** What came of reading a request's credentials. */
public sealed interface Extraction {

    /** One function an outcome. */
    <R> R fold(Function<PresentedTokens, R> extracted, Function<String, R> ambiguous, Supplier<R> repeated);

    /** They can be read in one way only. */
    record Extracted(PresentedTokens tokens) implements Extraction {
        @Override
        public <R> R fold(Function<PresentedTokens, R> extracted, Function<String, R> ambiguous, Supplier<R> repeated) {
            return extracted.apply(tokens);
        }
    }

    /**
     * Several headers: which one counts is anybody's guess, so it is a 400.
     *
     * @param reason one sentence without anything of the request
     */
    record Ambiguous(String reason) implements Extraction {
        @Override
        public <R> R fold(Function<PresentedTokens, R> extracted, Function<String, R> ambiguous, Supplier<R> repeated) {
            return ambiguous.apply(reason);
        }
    }

    /**
     * Several cookies of one name, which is a 400 too, but for who signs in or out: without the prefix {@code __Host-}
     * a neighbour under the same domain can put the second one there (RFC 6265bis section 8.6).
     */
    record Repeated() implements Extraction {
        @Override
        public <R> R fold(Function<PresentedTokens, R> extracted, Function<String, R> ambiguous, Supplier<R> repeated) {
            return repeated.get();
        }
    }
}
