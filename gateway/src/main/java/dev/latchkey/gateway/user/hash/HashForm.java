package dev.latchkey.gateway.user.hash;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A form in which a program writes password hashes.
 *
 * @param prefix what stands before the hash itself, such as {@code {bcrypt}}
 * @param longest how many bytes of a password count; a longer one would match by its beginning
 */
public record HashForm(String prefix, HashKind kind, int longest) {

    /** Longer than any password that is hashed. */
    private static final int ANY = Integer.MAX_VALUE;

    private static final String V5_8 = "@SpringSecurity_v5_8}";
    private static final HashKind BCRYPT = new Bcrypt(Bcrypt.ENCODER);
    private static final HashKind ARGON2 = new Argon2();
    private static final HashKind SCRYPT = new Scrypt();

    /** Spring Security's, then those of Express applications (bcrypt, bcryptjs, argon2), then Django's. */
    private static final List<HashForm> ALL = List.of(
            new HashForm("{bcrypt}", BCRYPT, Bcrypt.LONGEST),
            new HashForm("{argon2}", ARGON2, ANY),
            new HashForm("{argon2" + V5_8, ARGON2, ANY),
            new HashForm("{scrypt}", SCRYPT, ANY),
            new HashForm("{scrypt" + V5_8, SCRYPT, ANY),
            new HashForm("{pbkdf2}", Pbkdf2.ofSpring5(), ANY),
            new HashForm("{pbkdf2" + V5_8, Pbkdf2.ofSpring58(), ANY),
            new HashForm("", BCRYPT, Bcrypt.LONGEST),
            new HashForm("", ARGON2, ANY),
            new HashForm("bcrypt$", BCRYPT, Bcrypt.LONGEST),
            new HashForm("bcrypt_sha256$", new Bcrypt(new DigestedBcrypt()), ANY),
            new HashForm("argon2", ARGON2, ANY),
            new HashForm("pbkdf2_sha256$", new DjangoPbkdf2(), ANY));

    /** The form of a hash, or of the cost of one; nothing if it is of no known form. */
    public static Optional<HashForm> of(String stored) {
        return ALL.stream()
                .filter(form -> stored.startsWith(form.prefix + form.kind.start()))
                .findFirst();
    }

    static HashForm withPrefix(String prefix) {
        return ALL.stream()
                .filter(form -> form.prefix.equals(prefix))
                .findFirst()
                .orElseThrow();
    }

    /**
     * The beginning of this hash that determines how long a check takes.
     *
     * @throws IllegalArgumentException with a clause that says what is wrong and quotes nothing
     */
    public String cost(String stored) {
        return prefix + kind.cost(hash(stored));
    }

    /** A random hash of this cost, which no password matches. */
    public String dummy(String cost) {
        return prefix + kind.dummy(hash(cost));
    }

    /** Whether the password is that of a hash whose cost is known to be good. */
    public boolean matches(String password, String stored) {
        return kind.encoder().matches(password, hash(stored));
    }

    /** Whether the hash costs an attacker less than one that is made today. */
    public boolean isWeak(String stored) {
        return kind.isWeak(hash(stored));
    }

    /** A hash of today's cost, in this form. */
    public String encode(String password) {
        return prefix + kind.encoder().encode(password);
    }

    /** Whether all of the password counts. */
    public boolean takes(String password) {
        return longest == ANY || password.getBytes(StandardCharsets.UTF_8).length <= longest;
    }

    private String hash(String stored) {
        return stored.substring(prefix.length());
    }
}
