package dev.latchkey.gateway.pipeline.identity;

import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.TokenHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.web.util.UriUtils;

/**
 * Tells who is calling in plain headers. Names may hold any character, so each is percent-encoded as UTF-8 (RFC 3986
 * section 2.1): no name can end a header, or pass for two roles.
 */
public final class CallerHeaders {

    private CallerHeaders() {}

    /** Subject, roles and the hash of the session. */
    public static Map<String, String> of(AccessClaims caller) {
        String roles =
                caller.roles().names().stream().map(CallerHeaders::encoded).collect(Collectors.joining(","));
        return Map.of(
                TokenHeaders.SUBJECT, encoded(caller.subject().value()),
                TokenHeaders.ROLES, roles,
                TokenHeaders.SESSION, caller.session().publicId().value());
    }

    private static String encoded(String text) {
        return UriUtils.encode(text, StandardCharsets.UTF_8);
    }
}
