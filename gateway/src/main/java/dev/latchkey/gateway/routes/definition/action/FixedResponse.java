package dev.latchkey.gateway.routes.definition.action;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * A response that is the same for every request.
 *
 * @param contentType present if there is a body, unless the file says otherwise
 * @param headers names and values
 */
public record FixedResponse(int status, Optional<String> contentType, Map<String, String> headers, Body body)
        implements RouteAnswer {

    public FixedResponse {
        headers = Map.copyOf(headers);
    }

    @Override
    public String key() {
        return "respond";
    }

    @Override
    public String summary() {
        return body.text.isEmpty() ? "respond " + status : "respond " + status + " with " + body;
    }

    /**
     * The body, which is sent as UTF-8.
     *
     * @param text empty: none
     */
    public record Body(String text) {

        public byte[] bytes() {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return bytes().length + " bytes";
        }
    }
}
