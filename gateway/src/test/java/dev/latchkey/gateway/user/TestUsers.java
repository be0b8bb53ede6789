package dev.latchkey.gateway.user;

import dev.latchkey.gateway.reload.ReloadStatus;
import dev.latchkey.gateway.reload.ReloadableFile;
import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.cookie.CookieBudget;
import dev.latchkey.gateway.token.cookie.CookieNames;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/** Users files with hashes that are quick to check. */
public final class TestUsers {

    static final String PASSWORD = "secret";
    static final String BCRYPT = bcrypt(PASSWORD);
    static final String ARGON2 = "{argon2}" + new Argon2PasswordEncoder(16, 32, 1, 16, 1).encode(PASSWORD);

    static final CookieBudget BUDGET =
            new CookieBudget(new Issuer("https://shop.example"), new CookieNames("__Host-latchkey-"));

    private TestUsers() {}

    /** Checks of passwords by one thread. */
    public static PasswordChecks checks(PasswordEncoder encoder) {
        return new PasswordChecks(encoder, 1, 5);
    }

    static String bcrypt(String password) {
        return "{bcrypt}" + new BCryptPasswordEncoder(4).encode(password);
    }

    static String user(String name, String hash, String more) {
        return "  - { name: " + name + ", password: \"" + hash + "\"" + more + " }\n";
    }

    static Path write(Path file, String... users) {
        return replace(file, "users:\n" + String.join("", users));
    }

    static Path replace(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static UsersFile file(Path path) {
        return new UsersFile(path.toString(), UsersFile.fitting(BUDGET));
    }

    static ReloadableFile<UserTable> follow(Path path) {
        return new ReloadableFile<>(file(path), status(new SimpleMeterRegistry()));
    }

    static ReloadStatus status(MeterRegistry meters) {
        return new ReloadStatus("users", InstantSource.system(), meters);
    }
}
