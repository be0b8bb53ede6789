package dev.latchkey.gateway.pipeline.extraction;

import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.RefreshToken;
import java.util.List;
import java.util.Optional;

/**
 * The tokens that a request presents, not verified yet: from the gateway's cookies, or from {@code Authorization:
 * Bearer} (RFC 6750 section 2.1) or {@code DPoP} (RFC 9449 section 7.1) and {@code Latchkey-Refresh-Token}.
 *
 * @param refreshes at most two
 * @param fromCookies whether a browser's cookies carried them, so that the cross-site check applies
 * @param proof with the scheme {@code DPoP}, and where a refresh token comes alone with a proof; it may turn out to be
 *     none
 */
public record PresentedTokens(
        Optional<AccessToken> access,
        List<RefreshToken> refreshes,
        boolean fromCookies,
        Optional<PresentedProof> proof) {

    /** Without a proof. */
    public PresentedTokens(Optional<AccessToken> access, List<RefreshToken> refreshes, boolean fromCookies) {
        this(access, refreshes, fromCookies, Optional.empty());
    }

    public boolean isEmpty() {
        return access.isEmpty() && refreshes.isEmpty();
    }

    /**
     * What is wrong with the proof itself, once it was checked; not that there is none, or that it is by another key.
     */
    public Optional<Problem> faultOfProof() {
        return proof.flatMap(PresentedProof::problem).filter(problem -> !problem.equals(Problem.INVALID_TOKEN));
    }
}
