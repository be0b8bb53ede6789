package dev.latchkey.gateway.keys;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys that seal what a session leaves in Redis. Each is derived from a refresh key and the session by HKDF with
 * SHA-256 (RFC 5869), so that no key seals much, and one that leaks opens one session. They live as long as refresh
 * keys verify, which is as long as a session can.
 */
public final class SealingKeys {

    private static final String HMAC = "HmacSHA256";
    private static final String PURPOSE = "latchkey upstream|";
    private static final byte FIRST_BLOCK = 1;

    private final Supplier<KeySets> keys;
    private final InstantSource clock;

    SealingKeys(Supplier<KeySets> keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /** The key that seals now, of the newest active refresh key. */
    public SealingKey sealing(String session) {
        TimedKey<SecretKey> newest = keys.get().refresh().signing(clock.instant());
        return new SealingKey(newest.id(), derived(newest.key(), session));
    }

    /** The key that sealed under this id, unless it has retired. */
    public Optional<SecretKey> opening(String id, String session) {
        return keys.get().refresh().verifying(id, clock.instant()).map(key -> derived(key, session));
    }

    /** Extract without a salt, and the first block of expand, which is as long as the key. */
    private static SecretKey derived(SecretKey key, String session) {
        byte[] extracted = hmac(new byte[32], key.getEncoded());
        byte[] info = (PURPOSE + session).getBytes(StandardCharsets.UTF_8);
        byte[] block = new byte[info.length + 1];
        System.arraycopy(info, 0, block, 0, info.length);
        block[info.length] = FIRST_BLOCK;
        return new SecretKeySpec(hmac(extracted, block), "AES");
    }

    private static byte[] hmac(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(message);
        } catch (GeneralSecurityException absent) {
            throw new IllegalStateException("every Java platform has " + HMAC, absent);
        }
    }

    /**
     * A derived key of 256 bits for AES.
     *
     * @param id of the refresh key that it is derived from
     */
    public record SealingKey(String id, SecretKey key) {

        /** Never shows the key. */
        @Override
        public String toString() {
            return "SealingKey[" + id + "]";
        }
    }
}
