package dev.latchkey.gateway.testing;

import dev.latchkey.gateway.keys.IdentityAlgorithm;
import dev.latchkey.gateway.keys.KeyDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.util.FileSystemUtils;

/** The files that a gateway reads, in a folder of their own. */
public final class Resources {

    private final Path folder = makeFolder();

    /** For {@code ada}, {@code bob} and {@code root}, who is an administrator; their passwords are their names. */
    void write(String backend, InstantSource clock) {
        write(backend, clock, user("ada", "customer") + user("root", "customer, admin") + user("bob", "customer"));
    }

    /** For customers of these names; their passwords are their names. */
    public void write(String backend, InstantSource clock, List<String> customers) {
        write(
                backend,
                clock,
                customers.stream().map(name -> user(name, "customer")).collect(Collectors.joining()));
    }

    private void write(String backend, InstantSource clock, String users) {
        try {
            KeyDirectory.create(folder.resolve("keys"), IdentityAlgorithm.DEFAULT, clock);
            Files.writeString(folder.resolve("users.yml"), "users:\n" + users);
            Files.writeString(folder.resolve("routes.yml"), routes(backend));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public Path folder() {
        return folder;
    }

    public Map<String, Object> properties() {
        return Map.of(
                "latchkey.keys.directory", folder.resolve("keys").toString(),
                "latchkey.users.file", folder.resolve("users.yml").toUri().toString(),
                "latchkey.routes.file", folder.resolve("routes.yml").toString());
    }

    public void delete() {
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Cheap hashes: stories are about other things. */
    private static String user(String name, String roles) {
        return "  - name: %s\n    password: \"%s\"\n    roles: [%s]\n".formatted(name, hash(name), roles);
    }

    public static String hash(String password) {
        return "{bcrypt}" + new BCryptPasswordEncoder(4).encode(password);
    }

    private static String routes(String backend) {
        return "version: 1\nroutes:\n"
                + route("open", backend, "access: public")
                + route("maybe", backend, "access: optional, audience: maybe")
                + route("admin", backend, "access: required, roles: [admin], audience: admin")
                + route("api", backend, "access: required, audience: api");
    }

    /** A route below {@code /ID/}, as YAML; {@code entry} is what stands in its braces. */
    public static String route(String id, String backend, String entry) {
        return "  - id: %s\n    match: { path: /%s/** }\n    to: %s\n    entry: { %s }\n"
                .formatted(id, id, backend, entry);
    }

    private static Path makeFolder() {
        try {
            return Files.createTempDirectory("latchkey-story");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
