package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.AccessToken;

/** Signs and verifies access tokens (RFC 9068). Neither call blocks. */
public interface AccessTokenCodec {

    /** Signs with the newest active access key. */
    AccessToken sign(AccessClaims claims);

    /** Verifies with the key that the token names; everything is checked also where the token has expired. */
    Verification<AccessClaims> verify(AccessToken token);
}
