package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.token.IdentityClaims;
import dev.latchkey.gateway.token.IdentityToken;

/** Signs what backends verify with the public keys at {@code /.well-known/jwks.json} (RFC 7517). */
public interface IdentityTokenSigner {

    /** Signs with the newest active identity key; about a millisecond of computing, no waiting. */
    IdentityToken sign(IdentityClaims claims);
}
