package dev.latchkey.gateway.telemetry.accesslog;

import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.token.Subject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Names users in a log without naming them: the first 64 bits of HMAC-SHA-256 (RFC 2104). There are few names, so that
 * a hash without a key would be undone by trying them all. For one thread.
 */
final class SubjectHash {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final int HASH_BYTES = 8;
    private static final int MOST_KEPT = 10_000;
    private static final float LOAD = 0.75f;

    private final Mac mac;

    /** The users of late, since hashing costs more than the rest of a line. */
    private final Map<Subject, String> kept = new LinkedHashMap<>(16, LOAD, true) {

        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Subject, String> eldest) {
            return size() > MOST_KEPT;
        }
    };

    /**
     * @param keyFile null for a key that nobody else has
     * @throws StartupException if it cannot be read or is too short
     */
    SubjectHash(@Nullable Path keyFile) {
        byte[] key = keyFile == null ? random() : read(keyFile);
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", impossible);
        }
    }

    /** Why a file with a key cannot be used. Blocks. */
    static Optional<String> fault(Path keyFile) {
        try {
            read(keyFile);
            return Optional.empty();
        } catch (StartupException unusable) {
            return Optional.of(unusable.sentence());
        }
    }

    private static byte[] random() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }

    private static byte[] read(Path file) {
        try {
            byte[] key = Files.readAllBytes(file);
            if (key.length < KEY_BYTES) {
                throw new StartupException("latchkey.access-log.subject-key-file: " + file + " has less than 32 bytes");
            }
            return key;
        } catch (IOException failed) {
            throw new StartupException("latchkey.access-log.subject-key-file: " + file + " cannot be read ("
                    + failed.getClass().getSimpleName() + ")");
        }
    }

    /** 16 hexadecimal digits. */
    String of(Subject subject) {
        return kept.computeIfAbsent(subject, this::hash);
    }

    private String hash(Subject subject) {
        byte[] hash = mac.doFinal(subject.value().getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
    }
}
