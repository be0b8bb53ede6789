package dev.latchkey.gateway.user.hash;

import org.springframework.security.crypto.password.PasswordEncoder;

/** A way of hashing passwords, and how its hashes are written behind the prefix of a program. */
interface HashKind {

    /** How each of its hashes begins. */
    String start();

    /**
     * The beginning of this hash that determines how long a check takes.
     *
     * @throws IllegalArgumentException with a clause that says what is wrong and quotes nothing: it is no such hash, or
     *     a check would take too long or too much memory
     */
    String cost(String hash);

    /** A random hash of this cost. */
    String dummy(String cost);

    /** Whether this hash costs an attacker less than one that is made today. */
    default boolean isWeak(String hash) {
        return encoder().upgradeEncoding(hash);
    }

    /** Checks hashes whose cost is known to be good, and makes hashes of today's cost. */
    PasswordEncoder encoder();
}
