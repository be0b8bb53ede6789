package dev.latchkey.gateway.user;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * A stored password hash, by bcrypt or argon2.
 *
 * @param kind what made it and checks against it
 * @param encoded the hash without its {@code {prefix}}
 */
record PasswordHash(Kind kind, String encoded) {

    private static final PasswordEncoder BCRYPT_ENCODER = new BCryptPasswordEncoder(10);
    private static final PasswordEncoder ARGON2_ENCODER = Argon2PasswordEncoder.defaultsForSpringSecurity_v5_8();
    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");
    private static final Pattern ARGON2 =
            Pattern.compile("\\$argon2id?\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,2}),p=(\\d{1,2})\\$[^$]{8,}\\$[^$]{16,}");
    private static final int MOST_ROUNDS = 15;
    private static final int MOST_MEMORY_KIB = 262_144;
    private static final int STAMP_BYTES = 12;

    /** bcrypt reads no more than this; what lies behind would count for nothing. */
    private static final int BCRYPT_READS = 72;

    private static final int LONGEST_PASSWORD = 1024;

    /** The hash if it is one that this gateway checks in reasonable time. */
    static Optional<PasswordHash> parse(String stored) {
        if (stored.startsWith("{bcrypt}")) {
            String encoded = stored.substring("{bcrypt}".length());
            return isBcrypt(encoded) ? Optional.of(new PasswordHash(Kind.BCRYPT, encoded)) : Optional.empty();
        }
        if (stored.startsWith("{argon2}")) {
            String encoded = stored.substring("{argon2}".length());
            return isArgon2(encoded) ? Optional.of(new PasswordHash(Kind.ARGON2, encoded)) : Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean isBcrypt(String encoded) {
        Matcher matcher = BCRYPT.matcher(encoded);
        return matcher.matches() && Integer.parseInt(matcher.group(1)) <= MOST_ROUNDS;
    }

    private static boolean isArgon2(String encoded) {
        Matcher matcher = ARGON2.matcher(encoded);
        return matcher.matches() && Integer.parseInt(matcher.group(1)) <= MOST_MEMORY_KIB;
    }

    /** Takes the time of a hash; must not run on an event loop. */
    boolean matches(Password password) {
        int bytes = password.value().getBytes(StandardCharsets.UTF_8).length;
        boolean readable = bytes <= (kind == Kind.BCRYPT ? BCRYPT_READS : LONGEST_PASSWORD);
        String checked = readable ? password.value() : "";
        return kind.encoder().matches(checked, encoded) && readable;
    }

    /** Changes with the password and tells nothing of it. */
    String stamp() {
        byte[] hash = sha256().digest(encoded.getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, STAMP_BYTES));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** Never shows the hash. */
    @Override
    public String toString() {
        return "PasswordHash[" + kind + "]";
    }

    /** What makes and checks hashes. */
    enum Kind {
        BCRYPT,
        ARGON2;

        /** A new hash of this kind, with its prefix. */
        String hash(String password) {
            return "{" + name().toLowerCase(java.util.Locale.ROOT) + "}"
                    + encoder().encode(password);
        }

        private PasswordEncoder encoder() {
            return this == BCRYPT ? BCRYPT_ENCODER : ARGON2_ENCODER;
        }
    }
}
