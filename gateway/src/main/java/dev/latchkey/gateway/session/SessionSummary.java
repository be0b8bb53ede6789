package dev.latchkey.gateway.session;

import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.SessionId;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A session as its owner sees it.
 *
 * @param created when it began
 * @param lastUsed its last rotation, or its beginning
 * @param expires its absolute end
 * @param deviceBound whether it is bound to the device of its browser
 */
public record SessionSummary(
        PublicSessionId id,
        Instant created,
        Instant lastUsed,
        Instant expires,
        ClientFacts client,
        boolean deviceBound) {

    /**
     * What a record says.
     *
     * @throws RuntimeException if it is broken, see {@link #isBroken}
     */
    public static SessionSummary of(SessionId session, Map<String, String> record) {
        long created = Long.parseLong(record.getOrDefault("created", "0"));
        return new SessionSummary(
                session.publicId(),
                Instant.ofEpochMilli(created),
                Instant.ofEpochMilli(created + lastMint(record)),
                Instant.ofEpochMilli(Long.parseLong(record.getOrDefault("expires", "0"))),
                new ClientFacts(record.getOrDefault("agent", ""), record.getOrDefault("address", "")),
                record.containsKey("key"));
    }

    /** Whether {@link #of} fails like this because of the record. */
    public static boolean isBroken(Throwable failure) {
        return failure instanceof NumberFormatException || failure instanceof ArrayIndexOutOfBoundsException;
    }

    /** The newest of the packed mints, in milliseconds since the session began. */
    private static long lastMint(Map<String, String> record) {
        return Stream.of("0", "1", "2", "3")
                .map(record::get)
                .filter(Objects::nonNull)
                .mapToLong(packed -> Long.parseLong(packed.split(",", -1)[1]))
                .max()
                .orElse(0);
    }
}
