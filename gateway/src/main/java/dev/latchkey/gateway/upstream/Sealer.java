package dev.latchkey.gateway.upstream;

import dev.latchkey.gateway.keys.SealingKeys;
import dev.latchkey.gateway.keys.SealingKeys.SealingKey;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.SessionId;
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
 * Seals tokens for Redis with AES-256-GCM (NIST SP 800-38D): {@code v1.<key id>.<nonce>.<sealed>}, the last two in
 * base64url. Provider, session and number are authenticated with them, so that they open in no other place, and older
 * ones not in the place of newer ones.
 */
@Component
final class Sealer {

    private static final String VERSION = "v1";
    private static final String ALGORITHM = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SealingKeys keys;
    private final SecureRandom random = new SecureRandom();

    Sealer(SealingKeys keys) {
        this.keys = keys;
    }

    /** @param number of the tokens, see prelude.lua */
    String seal(ProviderName provider, SessionId session, long number, HeldTokens tokens) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        SealingKey key = keys.sealing(session.value());
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key.key(), nonce, place(provider, session, number))
                    .doFinal(tokens.bytes());
            return String.join(".", VERSION, encoded(utf8(key.id())), encoded(nonce), encoded(sealed));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("tokens cannot be sealed", impossible);
        }
    }

    /** Empty if the key has retired, or this is not what was sealed for this place. */
    Optional<HeldTokens> open(ProviderName provider, SessionId session, long number, String sealed) {
        String[] parts = sealed.split("\\.", -1);
        if (parts.length != 4 || !VERSION.equals(parts[0])) {
            return Optional.empty();
        }
        try {
            Optional<SecretKey> key =
                    keys.opening(new String(decoded(parts[1]), StandardCharsets.UTF_8), session.value());
            if (key.isEmpty()) {
                return Optional.empty();
            }
            byte[] opened = cipher(Cipher.DECRYPT_MODE, key.get(), decoded(parts[2]), place(provider, session, number))
                    .doFinal(decoded(parts[3]));
            return HeldTokens.parse(opened);
        } catch (GeneralSecurityException | IllegalArgumentException otherwise) {
            return Optional.empty();
        }
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce, byte[] place) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(ALGORITHM);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(place);
        return cipher;
    }

    private static byte[] place(ProviderName provider, SessionId session, long number) {
        return utf8(String.join("|", VERSION, provider.value(), session.value(), Long.toString(number)));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] decoded(String text) {
        return Base64.getUrlDecoder().decode(text);
    }
}
