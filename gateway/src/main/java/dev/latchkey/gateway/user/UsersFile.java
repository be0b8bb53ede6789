package dev.latchkey.gateway.user;

import dev.latchkey.gateway.token.Subject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.Resource;

/** The users as the file last had them; a bad file keeps the last good ones. Reading blocks: never on an event loop. */
final class UsersFile {

    private static final Logger LOGGER = LoggerFactory.getLogger(UsersFile.class);
    private static final int LARGEST = 4 * 1024 * 1024;

    private final Resource file;
    private final String name;
    private volatile String text = "";
    private volatile Map<Subject, UserEntry> users = Map.of();

    UsersFile(Resource file, String name) {
        this.file = file;
        this.name = name;
    }

    Map<Subject, UserEntry> users() {
        return users;
    }

    /**
     * Reads for the first time.
     *
     * @throws UsersFileException where the file cannot be used
     */
    void load() {
        String read = read();
        users = new UsersFileReader(name).read(read);
        text = read;
    }

    /** Takes up a change; what is wrong with it is logged once for each change. */
    void refresh() {
        try {
            String read = read();
            if (!read.equals(text)) {
                text = read;
                users = new UsersFileReader(name).read(read);
                LOGGER.info("Took up {} users from {}", users.size(), name);
            }
        } catch (UsersFileException bad) {
            LOGGER.error("Keeping the last good users: {}", bad.getMessage());
        }
    }

    private String read() {
        try (InputStream in = file.getInputStream()) {
            byte[] content = in.readNBytes(LARGEST + 1);
            if (content.length > LARGEST) {
                throw new UsersFileException(name + " is larger than 4 MB");
            }
            return new String(content, StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UsersFileException("latchkey.users.file: " + name + " cannot be read");
        }
    }
}
