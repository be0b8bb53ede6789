package dev.latchkey.gateway.pipeline.identity;

import dev.latchkey.gateway.exchange.OutboundIdentity;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.TokenHeaders;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Tells backends that read no tokens who is calling. */
public final class IdentityHeaders {

    private static final String UNRESERVED = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private IdentityHeaders() {}

    /** As whom a user's request leaves. */
    public static OutboundIdentity of(AccessClaims caller) {
        return new OutboundIdentity(Optional.of(caller), Optional.empty(), headers(caller), false);
    }

    /** Percent-encoded as UTF-8 (RFC 3986 section 2.1): no name can end a header, or pass for two roles. */
    private static Map<String, String> headers(AccessClaims caller) {
        String roles =
                caller.roles().names().stream().map(IdentityHeaders::encoded).collect(Collectors.joining(","));
        Map<String, String> headers = new HashMap<>(Map.of(
                TokenHeaders.SUBJECT, encoded(caller.subject().value()),
                TokenHeaders.ROLES, roles,
                TokenHeaders.SESSION, caller.session().publicId().value()));
        caller.provider().name().ifPresent(name -> headers.put(TokenHeaders.NAME, encoded(name)));
        caller.provider().email().ifPresent(email -> headers.put(TokenHeaders.EMAIL, encoded(email)));
        return headers;
    }

    private static String encoded(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (one & 0xff);
            if (UNRESERVED.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.toHexDigits(one));
            }
        }
        return encoded.toString();
    }
}
