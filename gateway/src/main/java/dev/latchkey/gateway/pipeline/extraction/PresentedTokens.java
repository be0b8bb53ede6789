package dev.latchkey.gateway.pipeline.extraction;

import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.RefreshToken;
import java.util.List;
import java.util.Optional;

/** The tokens that a request presents, believed by nobody yet. */
public sealed interface PresentedTokens {

    /** The access token, if there is one. */
    Optional<AccessToken> access();

    /** The refresh tokens, at most two. */
    List<RefreshToken> refreshes();

    /** Whether a browser's cookies carried them, so that the cross-site check applies. */
    boolean fromCookies();

    /** No token at all. */
    record None() implements PresentedTokens {
        @Override
        public Optional<AccessToken> access() {
            return Optional.empty();
        }

        @Override
        public List<RefreshToken> refreshes() {
            return List.of();
        }

        @Override
        public boolean fromCookies() {
            return false;
        }
    }

    /** From {@code Authorization: Bearer} (RFC 6750 section 2.1) and {@code Latchkey-Refresh-Token}. */
    record FromHeaders(Optional<AccessToken> access, List<RefreshToken> refreshes) implements PresentedTokens {
        @Override
        public boolean fromCookies() {
            return false;
        }
    }

    /** From the gateway's cookies. */
    record FromCookies(Optional<AccessToken> access, List<RefreshToken> refreshes) implements PresentedTokens {
        @Override
        public boolean fromCookies() {
            return true;
        }
    }
}
