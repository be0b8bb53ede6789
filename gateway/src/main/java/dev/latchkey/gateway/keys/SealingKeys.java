package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.crypto.Base64Url;
import dev.latchkey.gateway.crypto.HmacSha256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals what the gateway leaves with others, in Redis or in a browser, with AES-256-GCM (NIST SP 800-38D):
 * {@code v1.<key id>.<nonce>.<sealed>}, all but the first in base64url. Each key is derived from a refresh key and a
 * purpose, such as one session, by HKDF with SHA-256 (RFC 5869), so that no key seals much, and one that leaks opens
 * little. They live as long as refresh keys verify, which is as long as a session can.
 *
 * <p>By keys derived in the same way it also makes codes, HMAC with SHA-256, by which any node knows again what was
 * handed out, without storing it. Codes last as long as sealed content, so their message must hold a time where they
 * are to end sooner.
 */
public final class SealingKeys {

    private static final String VERSION = "v1";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int PARTS = 4;
    private static final String PURPOSE = "latchkey upstream|";
    private static final String CODE_PURPOSE = "latchkey code|";

    private final Supplier<KeySets> keys;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    SealingKeys(Supplier<KeySets> keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * Seals by the newest active key.
     *
     * @param purpose whose key of its own it is sealed with
     * @param place authenticated with the content, so that it opens in no other place
     */
    public String seal(String purpose, byte[] place, byte[] content) {
        TimedKey<SecretKey> newest = keys.get().refresh().signing(clock);
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, derived(newest.key(), purpose), nonce, place)
                    .doFinal(content);
            return String.join(
                    ".",
                    VERSION,
                    Base64Url.encode(newest.id().getBytes(StandardCharsets.UTF_8)),
                    Base64Url.encode(nonce),
                    Base64Url.encode(sealed));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has " + CIPHER, impossible);
        }
    }

    /** Empty if the key has retired, or this is not what was sealed for this purpose and place. */
    public Optional<byte[]> open(String purpose, byte[] place, String sealed) {
        String[] parts = sealed.split("\\.", -1);
        if (parts.length != PARTS || !VERSION.equals(parts[0])) {
            return Optional.empty();
        }
        try {
            String id = new String(decoded(parts[1]), StandardCharsets.UTF_8);
            Optional<SecretKey> key =
                    keys.get().refresh().verifying(id, clock.instant()).map(found -> derived(found, purpose));
            return key.isEmpty()
                    ? Optional.empty()
                    : Optional.of(cipher(Cipher.DECRYPT_MODE, key.get(), decoded(parts[2]), place)
                            .doFinal(decoded(parts[3])));
        } catch (GeneralSecurityException | IllegalArgumentException otherwise) {
            return Optional.empty();
        }
    }

    /** The code of a message by the newest active key, 32 bytes. */
    public byte[] code(String purpose, byte[] message) {
        return code(keys.get().refresh().signing(clock), purpose, message);
    }

    /** Whether this is the code of a message for this purpose, by any key that has not retired. */
    public boolean isCode(String purpose, byte[] message, byte[] code) {
        return keys.get().refresh().alive(clock.instant()).stream()
                .anyMatch(key -> MessageDigest.isEqual(code(key, purpose, message), code));
    }

    private static byte[] code(TimedKey<SecretKey> key, String purpose, byte[] message) {
        return HmacSha256.of(HmacSha256.derive(key.key().getEncoded(), CODE_PURPOSE + purpose), message);
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce, byte[] place) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(place);
        return cipher;
    }

    private static byte[] decoded(String text) {
        return Base64.getUrlDecoder().decode(text);
    }

    private static SecretKey derived(SecretKey key, String purpose) {
        return new SecretKeySpec(HmacSha256.derive(key.getEncoded(), PURPOSE + purpose), "AES");
    }
}
