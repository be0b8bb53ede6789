package dev.latchkey.sample.thief;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.JsonNode;

/**
 * How the gateway answered a call, as the page shows it.
 *
 * @param status of HTTP
 * @param subject whom the backend took the caller for
 * @param expiresAt the end of the access token that opened it, in ISO 8601
 * @param problem the kind of the problem document (RFC 9457) of a refusal
 * @param reason why the session has ended, if it has
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Use(
        int status,
        @Nullable String subject,
        @Nullable String expiresAt,
        @Nullable String problem,
        @Nullable String reason) {

    static Use of(ResponseEntity<JsonNode> answer) {
        JsonNode body = answer.getBody();
        String type = text(body, "type");
        return new Use(
                answer.getStatusCode().value(),
                text(body, "subject"),
                text(body, "expiresAt"),
                type == null ? null : type.replaceFirst(".*[/:]", ""),
                text(body, "reason"));
    }

    /** An identity token outlives the access token, whose end the session's answer has. */
    Use until(Use session) {
        return new Use(status, subject, session.expiresAt(), problem, reason);
    }

    private static @Nullable String text(@Nullable JsonNode body, String name) {
        return body == null || !body.path(name).isString()
                ? null
                : body.path(name).asString();
    }
}
