package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.provider.Expected;
import dev.latchkey.gateway.provider.Provider;
import java.net.URI;

/**
 * An authorization code, and all that its exchange takes (RFC 6749 section 4.1.3).
 *
 * @param verifier of the code challenge (RFC 7636 section 4.5)
 * @param redirectUri to which the code was sent, to the letter
 * @param expected of the ID token
 */
record CodeGrant(Provider provider, String code, String verifier, URI redirectUri, Expected expected) {

    /** Hides code and verifier. */
    @Override
    public String toString() {
        return "CodeGrant[" + provider.name() + "]";
    }
}
