package dev.latchkey.gateway.pipeline.extraction;

import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.RefreshToken;
import java.util.List;
import java.util.Optional;

/**
 * The tokens that a request presents, not verified yet: from the gateway's cookies, or from {@code Authorization:
 * Bearer} (RFC 6750 section 2.1) and {@code Latchkey-Refresh-Token}.
 *
 * @param refreshes at most two
 * @param fromCookies whether a browser's cookies carried them, so that the cross-site check applies
 */
public record PresentedTokens(Optional<AccessToken> access, List<RefreshToken> refreshes, boolean fromCookies) {

    public boolean isEmpty() {
        return access.isEmpty() && refreshes.isEmpty();
    }
}
