package dev.latchkey.gateway.routes;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;

/** The routes file's bytes, from the file system or from the jar; never from a network. */
final class RoutesSource {

    private static final String CLASSPATH = "classpath:";
    private static final String FILE = "file:";

    private final String location;

    RoutesSource(RoutesProperties properties) {
        this.location = properties.file();
    }

    /** Reads the file now; blocks. */
    RoutesReading read() {
        try (InputStream content = resource().getInputStream()) {
            return RoutesFileReader.read(location, content.readNBytes(RoutesFileReader.MOST_BYTES + 1));
        } catch (IOException e) {
            String reason = location + ":1:1: the file that latchkey.routes.file names cannot be read";
            return new RoutesReading.Refused(List.of(reason));
        }
    }

    private Resource resource() {
        if (location.startsWith(CLASSPATH)) {
            return new ClassPathResource(location.substring(CLASSPATH.length()));
        }
        return new FileSystemResource(location.startsWith(FILE) ? location.substring(FILE.length()) : location);
    }
}
