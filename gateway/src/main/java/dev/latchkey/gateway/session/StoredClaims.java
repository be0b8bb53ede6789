package dev.latchkey.gateway.session;

import tools.jackson.databind.json.JsonMapper;

/**
 * The {@code claims} of a session's record, as JSON so that more can be added while older records live.
 *
 * @param stamp of the user's credentials at sign-in
 */
record StoredClaims(String stamp) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    String json() {
        return JSON.writeValueAsString(this);
    }

    static StoredClaims parse(String json) {
        return JSON.readValue(json, StoredClaims.class);
    }
}
