package dev.latchkey.gateway.pipeline.extraction;

import java.util.function.Function;

/** What came of reading a request's credentials. */
public sealed interface Extraction {

    /** One function an outcome. */
    <R> R fold(Function<PresentedTokens, R> extracted, Function<String, R> ambiguous);

    /** They can be read in one way only. */
    record Extracted(PresentedTokens tokens) implements Extraction {
        @Override
        public <R> R fold(Function<PresentedTokens, R> extracted, Function<String, R> ambiguous) {
            return extracted.apply(tokens);
        }
    }

    /**
     * Several cookies of one name or several headers: which one counts is anybody's guess, so it is a 400.
     *
     * @param reason one sentence without anything of the request
     */
    record Ambiguous(String reason) implements Extraction {
        @Override
        public <R> R fold(Function<PresentedTokens, R> extracted, Function<String, R> ambiguous) {
            return ambiguous.apply(reason);
        }
    }
}
