package dev.latchkey.gateway.user;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
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

    /** @throws UsersFileException where it cannot be read */
    byte[] read() {
        byte[] bytes;
        try (InputStream in = resource.getInputStream()) {
            bytes = in.readNBytes(LARGEST + 1);
        } catch (IOException unreadable) {
            String why = resource.exists() ? " cannot be read" : " does not exist";
            throw new UsersFileException("users file " + location + " (latchkey.users.file)" + why);
        }
        if (bytes.length > LARGEST) {
            throw new UsersFileException("users file " + location + " is larger than 4 MB");
        }
        return bytes;
    }

    /** The bytes as UTF-8, without a byte order mark. */
    String decode(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer text = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), text, true);
        text.flip();
        if (result.isError()) {
            throw wrong(Position.after(text), "this is not UTF-8");
        }
        return text.length() > 0 && text.charAt(0) == '\uFEFF'
                ? text.subSequence(1, text.length()).toString()
                : text.toString();
    }

    /** What is wrong at this place of the file. */
    UsersFileException wrong(Position position, String what) {
        return new UsersFileException("users file " + location + ":" + position + ": " + what);
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
