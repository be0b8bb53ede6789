package dev.latchkey.gateway.user;

import java.util.Map;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/** The two kinds of hash that the users file may hold. */
final class PasswordEncoders {

    static final String BCRYPT = "bcrypt";
    static final String ARGON2 = "argon2";

    private PasswordEncoders() {}

    /** Checks both kinds and makes this one. */
    static PasswordEncoder making(String algorithm) {
        return new DelegatingPasswordEncoder(
                algorithm,
                Map.of(
                        BCRYPT,
                        new BCryptPasswordEncoder(),
                        ARGON2,
                        Argon2PasswordEncoder.defaultsForSpringSecurity_v5_8()));
    }
}
