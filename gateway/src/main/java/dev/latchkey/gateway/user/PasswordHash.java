package dev.latchkey.gateway.user;

import dev.latchkey.gateway.crypto.Sha256;
import dev.latchkey.gateway.user.hash.HashEncoder;
import dev.latchkey.gateway.user.hash.HashForm;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * A stored password hash whose form and cost are checked, so that no encoder fails on it or works on it for minutes.
 *
 * @param stored with its prefix, such as {@code {bcrypt}}, if its form has one
 * @param cost the part that determines how long a check takes
 */
public record PasswordHash(String stored, HashForm form, String cost) {

    public static final String USUAL_COST = "{bcrypt}$2a$10$";

    private static final int STAMP_LENGTH = 16;

    /**
     * Checks all forms, and makes hashes of this one: {@code bcrypt}, {@code argon2} or {@code scrypt}, for example.
     */
    static PasswordEncoder encoder(String algorithm) {
        return new HashEncoder("{" + algorithm + "}");
    }

    /**
     * Reads a hash as it is stored.
     *
     * @throws IllegalArgumentException with a clause that says what is wrong and quotes nothing
     */
    public static PasswordHash parse(String stored) {
        HashForm form = HashForm.of(stored)
                .orElseThrow(() -> new IllegalArgumentException("must begin with {bcrypt}, {argon2}, {scrypt}, {pbkdf2}"
                        + " or like a hash of Express or Django; java -jar gateway.jar users hash makes a hash"));
        return new PasswordHash(stored, form, form.cost(stored));
    }

    /**
     * A random hash of this cost, which no password matches: a sign-in with a name that does not exist takes as long as
     * one with a name that does.
     */
    public static PasswordHash dummy(String cost) {
        return parse(HashForm.of(cost).orElseThrow().dummy(cost));
    }

    /** Changes with the hash and does not reveal it. */
    public String stamp() {
        return Sha256.base64Url(stored).substring(0, STAMP_LENGTH);
    }

    /** Never shows the hash. */
    @Override
    public String toString() {
        return "PasswordHash[hidden]";
    }
}
