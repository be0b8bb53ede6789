package dev.latchkey.gateway.pipeline.dpop;

import dev.latchkey.gateway.problem.Problem;
import java.util.Optional;

/** What is wrong with a proof (RFC 9449 section 4.3). */
enum ProofFault implements Checked {
    /** There is none, and the token is bound. */
    MISSING("missing"),
    /** There is more than one, or it is none. */
    MALFORMED("malformed"),
    /** It is by another key than the token is bound to. */
    OTHER_KEY("other-key"),
    /** It is for another method, address or access token. */
    OTHER_REQUEST("other-request"),
    /** Its {@code iat} is too far from now. */
    NOT_NOW("not-now"),
    /** It was not signed by the key that it names. */
    FORGED("forged"),
    /** It was used before. */
    REPLAYED("replayed"),
    /** It has no nonce, or an old one: the client is told the current one and tries again. */
    NONCE(""),
    /** No more proofs can be remembered right now. */
    NO_ROOM("");

    private final String word;

    ProofFault(String word) {
        this.word = word;
    }

    Problem problem() {
        return switch (this) {
            case MISSING, OTHER_KEY -> Problem.INVALID_TOKEN;
            case MALFORMED, OTHER_REQUEST, NOT_NOW, FORGED, REPLAYED -> Problem.INVALID_DPOP_PROOF;
            case NONCE -> Problem.USE_DPOP_NONCE;
            case NO_ROOM -> Problem.UNAVAILABLE;
        };
    }

    /** The reason in the audit log; empty for what happens to honest clients. */
    Optional<String> audited() {
        return Optional.of(word).filter(text -> !text.isEmpty());
    }
}
