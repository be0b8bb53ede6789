package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.pipeline.client.ClientAddress;
import dev.latchkey.gateway.pipeline.paths.RawPath;
import org.springframework.stereotype.Component;

/**
 * Under which path clients see what is behind it: {@code X-Forwarded-Prefix}. A trusted proxy says what it removed from
 * the path; the backend gets that and what the route removed. Only a plain path is accepted: links and redirects begin
 * with it, and {@code //evil.example} would lead to another host.
 */
@Component
public final class ForwardedPrefix {

    static final String NAME = "X-Forwarded-Prefix";

    private static final String PLAIN = "._~!$()*+=:@%-";
    private static final int MAX_LENGTH = 1024;

    private final ClientAddress chain;

    ForwardedPrefix(ClientAddress chain) {
        this.chain = chain;
    }

    /** What a trusted proxy removed, such as {@code /shop}; empty if that is nothing, or not a plain path. */
    public String of(RequestHead request) {
        if (!chain.isPeerTrusted(request)) {
            return "";
        }
        String all = String.join(",", request.fields().all(NAME));
        return plain(all.substring(all.lastIndexOf(',') + 1).strip());
    }

    /** What proxy and route removed together; empty if that is nothing. */
    String forBackend(RequestHead request, String stripped) {
        String byProxy = of(request);
        return stripped.isEmpty() ? byProxy : byProxy + plain(stripped);
    }

    private static String plain(String path) {
        String prefix = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return prefix.length() <= MAX_LENGTH && isPlain(prefix) && RawPath.isUnambiguous(prefix) ? prefix : "";
    }

    /** Segments that are not empty, of characters that mean nothing in HTML. */
    private static boolean isPlain(String path) {
        boolean isPlain = path.startsWith("/") && !path.endsWith("/");
        for (int at = 1; at < path.length() && isPlain; at++) {
            char c = path.charAt(at);
            isPlain = c == '/' ? path.charAt(at - 1) != '/' : isOfSegment(c);
        }
        return isPlain;
    }

    private static boolean isOfSegment(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || PLAIN.indexOf(c) >= 0;
    }
}
