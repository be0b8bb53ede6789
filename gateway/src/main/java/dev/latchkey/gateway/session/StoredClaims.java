package dev.latchkey.gateway.session;

import java.util.Objects;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * The {@code claims} of a session's record, as JSON so that more can be added while older records live.
 *
 * @param stamp of the user's credentials at sign-in
 */
record StoredClaims(String stamp) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Both are prepared here: the mapper would do that under a lock, on the event loop that first uses it. */
    private static final ObjectReader READER = JSON.readerFor(StoredClaims.class);

    private static final ObjectWriter WRITER = JSON.writerFor(StoredClaims.class);

    StoredClaims {
        Objects.requireNonNull(stamp, "claims without a stamp");
    }

    String json() {
        return WRITER.writeValueAsString(this);
    }

    /** Empty if it cannot be read; what a later version added is ignored. */
    static Optional<StoredClaims> parse(String json) {
        try {
            return Optional.ofNullable(READER.readValue(json));
        } catch (JacksonException broken) {
            return Optional.empty();
        }
    }
}
