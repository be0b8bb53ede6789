package dev.latchkey.gateway.pipeline.extraction;

import dev.latchkey.gateway.problem.Problem;
import java.util.function.Function;

/** The credentials of a request, or why they cannot be read in one way only. */
public sealed interface Extraction {

    default <R> R fold(Function<PresentedTokens, R> extracted, Function<Problem, R> ambiguous) {
        return this instanceof Extracted known
                ? extracted.apply(known.tokens)
                : ambiguous.apply(((Ambiguous) this).problem);
    }

    /** They can be read in one way only. */
    record Extracted(PresentedTokens tokens) implements Extraction {}

    /**
     * There are several headers or cookies of one name, and it is unknown which counts.
     *
     * @param problem a 400; for cookies {@link Problem#REPEATED_COOKIE}, which does not stop a client from signing in
     *     or out: without the prefix {@code __Host-} a neighbour under the same domain can put the second one there
     *     (RFC 6265bis section 8.6)
     */
    record Ambiguous(Problem problem) implements Extraction {}
}
