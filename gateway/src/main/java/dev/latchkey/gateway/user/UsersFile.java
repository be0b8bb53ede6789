package dev.latchkey.gateway.user;

import dev.latchkey.gateway.yaml.Fault;
import dev.latchkey.gateway.yaml.Position;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;

/** The bytes of the users file, of bounded size, wherever they are. */
final class UsersFile {

    /** Some thirty thousand users; who has more needs a database. */
    static final int LARGEST = 4 * 1024 * 1024;

    private static final String CLASSPATH = "classpath:";
    private static final String FILE = "file:";

    private final String location;
    private final Resource resource;

    UsersFile(String location) {
        this.location = location;
        this.resource = resource(location);
    }

    /** As it is configured. */
    String location() {
        return location;
    }

    /** @throws UsersFileException where it cannot be read */
    byte[] read() {
        byte[] bytes;
        try (InputStream in = resource.getInputStream()) {
            bytes = in.readNBytes(LARGEST + 1);
        } catch (IOException unreadable) {
            throw wrong(
                    "the file " + (resource.exists() ? "cannot be read" : "does not exist") + " (latchkey.users.file)");
        }
        if (bytes.length > LARGEST) {
            throw wrong("the file is larger than 4 MB");
        }
        return bytes;
    }

    private UsersFileException wrong(String what) {
        return new UsersFileException(List.of(new Fault(Position.start(location), what)));
    }

    private static Resource resource(String location) {
        if (location.startsWith(CLASSPATH)) {
            return new ClassPathResource(location.substring(CLASSPATH.length()));
        }
        return new FileSystemResource(location.startsWith(FILE) ? location.substring(FILE.length()) : location);
    }

    /** Names the file in logs. */
    @Override
    public String toString() {
        return "users file " + location;
    }
}
