package dev.latchkey.gateway.pipeline.forwarding;

import dev.latchkey.gateway.http.HeaderFields;
import dev.latchkey.gateway.http.MutableHeaderFields;
import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.pipeline.client.ClientAddress;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Informs the backend how the client reached the gateway. What a trusted proxy says counts; of several hosts or ports
 * it is the last one, because the others may be its own client's.
 */
@Component
final class ForwardedHeaders {

    private static final String PROTO = "X-Forwarded-Proto";
    private static final String HOST = "X-Forwarded-Host";
    private static final String PORT = "X-Forwarded-Port";

    private static final int LONGEST_NAME = 255;
    private static final int SHORTEST_IPV6 = 2;
    private static final int LONGEST_IPV6 = 45;
    private static final int PORT_DIGITS = 5;

    private final ClientAddress chain;

    ForwardedHeaders(ClientAddress chain) {
        this.chain = chain;
    }

    /** Adds ours; none of the family may be there before. */
    void add(RequestHead request, MutableHeaderFields backend) {
        boolean isTrusted = chain.isPeerTrusted(request);
        String proto = proto(request, isTrusted);
        String host = host(request, isTrusted);
        backend.add(ClientAddress.FORWARDED_FOR, chain.forwardedFor(request));
        backend.add(PROTO, proto);
        backend.add(PORT, port(request, isTrusted, host, proto));
        if (host != null) {
            backend.add(HOST, host);
        }
    }

    /**
     * The same as one text such as {@code https://shop.example:443}, in lower case and always with the port; null if
     * the host is not known.
     */
    @Nullable
    String origin(RequestHead request) {
        boolean isTrusted = chain.isPeerTrusted(request);
        String proto = proto(request, isTrusted);
        String host = host(request, isTrusted);
        return host == null
                ? null
                : proto + "://" + withoutPort(host).toLowerCase(Locale.ROOT) + ":"
                        + port(request, isTrusted, host, proto);
    }

    private static String proto(RequestHead request, boolean isTrusted) {
        String said = isTrusted ? proto(request.fields()) : null;
        return said == null ? scheme(request) : said;
    }

    /** No request with two hosts comes as far as here, in lines of their own or in one (RFC 9112 section 3.2). */
    private static @Nullable String host(RequestHead request, boolean isTrusted) {
        String said = isTrusted ? host(last(request.fields(), HOST)) : null;
        return said == null ? host(request.fields().first("Host")) : said;
    }

    private static String port(RequestHead request, boolean isTrusted, @Nullable String host, String proto) {
        String said = isTrusted ? port(last(request.fields(), PORT)) : null;
        return said == null ? portOf(host, proto) : said;
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    /** One proxy that was reached by TLS is enough, whatever those behind it use among themselves. */
    private static @Nullable String proto(HeaderFields client) {
        String[] said =
                String.join(",", client.all(PROTO)).toLowerCase(Locale.ROOT).split(",", -1);
        for (String one : said) {
            if (one.strip().equals("https")) {
                return "https";
            }
        }
        return said[said.length - 1].strip().equals("http") ? "http" : null;
    }

    private static @Nullable String last(HeaderFields fields, String name) {
        List<String> lines = fields.all(name);
        if (lines.isEmpty()) {
            return null;
        }
        String line = lines.get(lines.size() - 1);
        return line.substring(line.lastIndexOf(',') + 1).strip();
    }

    /** A name, an IPv4 address, or an IPv6 address in brackets, each with a port or without; else null. */
    private static @Nullable String host(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        int end = text.charAt(0) == '[' ? endOfIpv6(text) : endOfName(text);
        boolean isHost = end > 0 && (end == text.length() || (text.charAt(end) == ':' && isPort(text, end + 1)));
        return isHost ? text : null;
    }

    private static int endOfName(String text) {
        int end = 0;
        while (end < text.length() && isOfName(text.charAt(end))) {
            end++;
        }
        return end <= LONGEST_NAME ? end : -1;
    }

    private static boolean isOfName(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_';
    }

    private static int endOfIpv6(String text) {
        int close = 1;
        while (close < text.length() && isOfIpv6(text.charAt(close))) {
            close++;
        }
        int length = close - 1;
        boolean isIpv6 =
                close < text.length() && text.charAt(close) == ']' && length >= SHORTEST_IPV6 && length <= LONGEST_IPV6;
        return isIpv6 ? close + 1 : -1;
    }

    private static boolean isOfIpv6(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
    }

    private static @Nullable String port(@Nullable String text) {
        return text != null && !text.startsWith("0") && isPort(text, 0) ? text : null;
    }

    private static boolean isPort(String text, int from) {
        int digits = text.length() - from;
        boolean isPort = digits > 0 && digits <= PORT_DIGITS;
        for (int at = from; at < text.length() && isPort; at++) {
            isPort = isDigit(text.charAt(at));
        }
        return isPort;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static String portOf(@Nullable String host, String proto) {
        int colon = host == null ? -1 : host.lastIndexOf(':');
        if (host != null && colon > host.lastIndexOf(']')) {
            return host.substring(colon + 1);
        }
        return proto.equals("https") ? "443" : "80";
    }

    private static String scheme(RequestHead request) {
        return request.isSecure() ? "https" : "http";
    }
}
