package dev.latchkey.gateway.crypto;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** HMAC with SHA-256 (RFC 2104), and keys that are derived from another by it (HKDF, RFC 5869). */
public final class HmacSha256 {

    private static final String NAME = "HmacSHA256";
    private static final int BYTES = 32;
    private static final byte FIRST_BLOCK = 1;

    private HmacSha256() {}

    /** The code of a message, 32 bytes. */
    public static byte[] of(byte[] key, byte[] message) {
        return of(new SecretKeySpec(key, NAME), message);
    }

    /** The code of a message, 32 bytes. */
    public static byte[] of(SecretKey key, byte[] message) {
        try {
            Mac mac = Mac.getInstance(NAME);
            mac.init(key);
            return mac.doFinal(message);
        } catch (GeneralSecurityException absent) {
            throw new IllegalStateException("every Java platform has " + NAME, absent);
        }
    }

    /**
     * A key of 32 bytes for one purpose: extract without a salt, and the first block of expand, which is as long as the
     * key.
     */
    public static byte[] derive(byte[] key, String purpose) {
        byte[] info = purpose.getBytes(StandardCharsets.UTF_8);
        byte[] block = Arrays.copyOf(info, info.length + 1);
        block[info.length] = FIRST_BLOCK;
        return of(of(new byte[BYTES], key), block);
    }
}
