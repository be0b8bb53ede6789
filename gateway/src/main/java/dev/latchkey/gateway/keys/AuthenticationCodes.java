package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.crypto.HmacSha256;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.function.Supplier;
import javax.crypto.SecretKey;

/**
 * By which the gateway knows again what it handed out, on every node and without storing it: HMAC with SHA-256, by a
 * key that is derived from a refresh key for each purpose. Codes last as long as refresh keys verify, so its message
 * must hold a time where it is to end sooner.
 */
public final class AuthenticationCodes {

    private static final String PURPOSE = "latchkey code|";

    private final Supplier<KeySets> keys;
    private final InstantSource clock;

    AuthenticationCodes(Supplier<KeySets> keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /** The code of a message by the newest active key, 32 bytes. */
    public byte[] make(String purpose, byte[] message) {
        return code(keys.get().refresh().signing(clock), purpose, message);
    }

    /** Whether this is the code of a message for this purpose, by any key that has not retired. */
    public boolean isCode(String purpose, byte[] message, byte[] code) {
        return keys.get().refresh().alive(clock.instant()).stream()
                .anyMatch(key -> MessageDigest.isEqual(code(key, purpose, message), code));
    }

    private static byte[] code(TimedKey<SecretKey> key, String purpose, byte[] message) {
        return HmacSha256.of(HmacSha256.derive(key.key().getEncoded(), PURPOSE + purpose), message);
    }
}
