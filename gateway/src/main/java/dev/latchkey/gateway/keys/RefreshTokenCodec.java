package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.RefreshToken;

/** Signs and verifies refresh tokens, with keys that access tokens never see. Neither call blocks. */
public interface RefreshTokenCodec {

    /** Signs with the newest active refresh key. */
    RefreshToken sign(RefreshClaims claims);

    /** Verifies with the key that the token names; everything is checked also where the token has expired. */
    Verification<RefreshClaims> verify(RefreshToken token);
}
