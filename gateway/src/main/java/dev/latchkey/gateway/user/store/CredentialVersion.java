package dev.latchkey.gateway.user.store;

import dev.latchkey.gateway.crypto.Sha256;
import java.util.Optional;

/**
 * The version of a user's credentials, which their sessions carry. It is a stamp of the stored hash, unless the store
 * says beside the hash which stamp it stands for: {@code STAMP:BINDING}, where the binding is the stamp of that hash.
 * So a hash that the gateway replaces by a better one of the same password keeps the stamp, and the sessions; a hash
 * that another program writes without a word on the version does not match the binding, has a stamp of its own and ends
 * them. Where the stamp is that of the hash itself, the user changed their password at the gateway.
 */
public final class CredentialVersion {

    /** The stamp of a user without a hash: an empty one would mean that they may not sign in. */
    private static final String NO_HASH = "none";

    private static final int STAMP_LENGTH = 16;

    private CredentialVersion() {}

    /**
     * The stamp that sessions are held to.
     *
     * @param stored the hash as the store has it, readable or not; empty if there is none
     * @param version what the store keeps beside it, if it does
     */
    public static String stamp(Optional<String> stored, Optional<String> version) {
        String own = stored.filter(text -> !text.isEmpty())
                .map(CredentialVersion::stampOf)
                .orElse(NO_HASH);
        return version.filter(text -> isBound(text, own))
                .map(text -> text.substring(0, STAMP_LENGTH))
                .orElse(own);
    }

    /** What a store keeps beside the hash {@code next}, so that the stamp stays. */
    public static String keeping(String stamp, String next) {
        return stamp + ":" + stampOf(next);
    }

    /**
     * What a store keeps beside the hash {@code next} of a password that its user chose here: it has a stamp of its
     * own.
     */
    public static String replacing(String next) {
        return keeping(stampOf(next), next);
    }

    /** Whether a stored hash is that of a password that its user chose here. */
    public static boolean isOwnChoice(Optional<String> stored, Optional<String> version) {
        return stored.isPresent() && version.equals(stored.map(CredentialVersion::replacing));
    }

    private static boolean isBound(String version, String own) {
        return version.length() == 2 * STAMP_LENGTH + 1 && version.charAt(STAMP_LENGTH) == ':' && version.endsWith(own);
    }

    private static String stampOf(String stored) {
        return Sha256.base64Url(stored).substring(0, STAMP_LENGTH);
    }
}
