package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.crypto.Base64Url;
import dev.latchkey.gateway.keys.SealingKeys;
import dev.latchkey.gateway.keys.SealingKeys.SealingKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.springframework.stereotype.Component;

/**
 * Seals attempts with AES-256-GCM under a key of each one's own, so that neither a browser nor whoever reads its
 * cookies in a log learns the code verifier, and none can be changed: {@code key id . nonce and sealed text}.
 */
@Component
final class AttemptSeal {

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    /** No session has such an id. */
    private static final String PURPOSE = "sign-in attempt ";

    private final SealingKeys keys;
    private final SecureRandom random = new SecureRandom();

    AttemptSeal(SealingKeys keys) {
        this.keys = keys;
    }

    String seal(String text, String id) {
        SealingKey key = keys.sealing(PURPOSE + id);
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        byte[] sealed = transform(Cipher.ENCRYPT_MODE, key.key(), nonce, text.getBytes(StandardCharsets.UTF_8))
                .orElseThrow();
        byte[] all = new byte[NONCE + sealed.length];
        System.arraycopy(nonce, 0, all, 0, NONCE);
        System.arraycopy(sealed, 0, all, NONCE, sealed.length);
        return key.id() + "." + Base64Url.encode(all);
    }

    /** Empty if it was sealed for another attempt, by a key that has retired, or by nobody. */
    Optional<String> open(String sealed, String id) {
        int dot = sealed.indexOf('.');
        return dot < 0
                ? Optional.empty()
                : keys.opening(sealed.substring(0, dot), PURPOSE + id)
                        .flatMap(key -> decoded(sealed.substring(dot + 1)).flatMap(bytes -> opened(key, bytes)));
    }

    private static Optional<String> opened(SecretKey key, byte[] bytes) {
        if (bytes.length <= NONCE) {
            return Optional.empty();
        }
        byte[] nonce = new byte[NONCE];
        System.arraycopy(bytes, 0, nonce, 0, NONCE);
        byte[] sealed = new byte[bytes.length - NONCE];
        System.arraycopy(bytes, NONCE, sealed, 0, sealed.length);
        return transform(Cipher.DECRYPT_MODE, key, nonce, sealed).map(text -> new String(text, StandardCharsets.UTF_8));
    }

    private static Optional<byte[]> transform(int mode, SecretKey key, byte[] nonce, byte[] bytes) {
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            return Optional.of(cipher.doFinal(bytes));
        } catch (GeneralSecurityException forged) {
            return Optional.empty();
        }
    }

    private static Optional<byte[]> decoded(String text) {
        try {
            return Optional.of(Base64.getUrlDecoder().decode(text));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
