package dev.latchkey.gateway.device;

import dev.latchkey.gateway.crypto.Base64Url;
import dev.latchkey.gateway.proof.ProofKey;
import dev.latchkey.gateway.token.Generation;

/**
 * What a verified proof says, as the rotation of a bound session asks for it.
 *
 * @param key that signed it, the compressed point in base64url
 * @param challenged the generation whose challenge it signed
 * @param registers whether it binds a session that is not bound yet
 */
public record DeviceProof(String key, Generation challenged, boolean registers) {

    /** A proof by the key of a session that is bound already. */
    public static DeviceProof ofBound(ProofKey key, Generation challenged) {
        return new DeviceProof(text(key), challenged, false);
    }

    /** The proof by which a browser registers its key. */
    public static DeviceProof ofRegistration(ProofKey key) {
        return new DeviceProof(text(key), Generation.FIRST, true);
    }

    private static String text(ProofKey key) {
        return Base64Url.encode(key.point());
    }
}
