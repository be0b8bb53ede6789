package dev.latchkey.gateway.session;

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

    /** Both are made ready here: the mapper itself would do that under a lock, on the event loops that first use it. */
    private static final ObjectReader READER = JSON.readerFor(StoredClaims.class);

    private static final ObjectWriter WRITER = JSON.writerFor(StoredClaims.class);

    String json() {
        return WRITER.writeValueAsString(this);
    }

    static StoredClaims parse(String json) {
        return READER.readValue(json);
    }
}
