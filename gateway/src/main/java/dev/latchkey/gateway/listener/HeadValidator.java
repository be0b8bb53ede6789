package dev.latchkey.gateway.listener;

import dev.latchkey.gateway.http.netty.NettyHeaderFields;
import dev.latchkey.gateway.pipeline.forwarding.MaxForwards;
import dev.latchkey.gateway.pipeline.forwarding.Methods;
import dev.latchkey.gateway.pipeline.paths.RawTarget;
import dev.latchkey.gateway.problem.Problem;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.NetUtil;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds faults in the head of a request, before anything else looks at it (RFC 9112 sections 2 and 3). */
final class HeadValidator {

    /** A comma may stand in a name (RFC 3986 section 3.2.2), but none has it: some servers join two hosts by it. */
    private static final Pattern HOST = Pattern.compile(
            "(?:(?:[A-Za-z0-9._~!$&'()*+;=-]|%[0-9A-Fa-f]{2}){1,255}|\\[([0-9A-Fa-f:.]{2,45})])(?::([0-9]{0,5}))?");

    private static final int LONGEST_NAME = 255;
    private static final int PORT_DIGITS = 5;

    private static final Pattern ABSOLUTE = Pattern.compile("(?i)(https?)://([^/?#]*)(.*)", Pattern.DOTALL);

    private HeadValidator() {}

    /** The first fault, if there is one; an absolute target becomes one in origin form (RFC 9112 section 3.2.2). */
    static Optional<Problem> faultOf(HttpRequest request) {
        DecoderResult decoded = request.decoderResult();
        if (decoded.isFailure()) {
            return Optional.of(problemOf(decoded.cause()));
        }
        if (request.protocolVersion().majorVersion() != 1) {
            return Optional.of(Problem.VERSION_NOT_SUPPORTED);
        }
        if (Methods.NEVER.contains(request.method().name().toUpperCase(Locale.ROOT))) {
            return Optional.of(Problem.METHOD_NOT_ALLOWED);
        }
        if (!isChunkedAtMost(request)) {
            return Optional.of(Problem.TRANSFER_CODING);
        }
        if (isLengthInvented(request) || areLengthsUnited(request)) {
            return Optional.of(Problem.malformed("The length of the request is not stated once"));
        }
        if (!isAddressed(request)) {
            return Optional.of(Problem.malformed("The request needs one Host, and its target must agree with it"));
        }
        if (MaxForwards.appliesTo(request.method().name())
                && MaxForwards.isMalformed(new NettyHeaderFields(request.headers()))) {
            return Optional.of(Problem.malformed("Max-Forwards is not a number"));
        }
        asKnownVersion(request);
        return isTargeted(request)
                ? Optional.empty()
                : Optional.of(Problem.malformed("The request target is not a URI"));
    }

    /** Another coding would be announced to nobody, because those of the next connection are its own. */
    private static boolean isChunkedAtMost(HttpRequest request) {
        if (!request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            return true;
        }
        for (String line : request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING)) {
            for (String coding : line.split(",", -1)) {
                if (!coding.isBlank() && !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding.strip())) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * The codec gives a GET with the two keys of an old draft of WebSocket a body of eight bytes, which its head does
     * not announce: to others those are the beginning of the next request (RFC 9112 section 6.3).
     */
    private static boolean isLengthInvented(HttpRequest request) {
        HttpHeaders fields = request.headers();
        return !fields.contains(HttpHeaderNames.CONTENT_LENGTH)
                && HttpUtil.getContentLength(request, -1L) >= 0
                && !HttpUtil.isTransferEncodingChunked(request);
    }

    /**
     * Whether there were several lengths in HTTP/1.0: the codec takes the first of them, and states it under the name
     * that is its own constant.
     */
    private static boolean areLengthsUnited(HttpRequest request) {
        if (request.protocolVersion().minorVersion() > 0) {
            return false;
        }
        for (var fields = request.headers().iteratorCharSequence(); fields.hasNext(); ) {
            if (fields.next().getKey() == HttpHeaderNames.CONTENT_LENGTH) {
                return true;
            }
        }
        return false;
    }

    /**
     * A later minor version is answered as the latest that is known (RFC 9110 section 2.5). HTTP/1.0 knows no interim
     * answers, so what it expects means nothing (RFC 9110 section 10.1.1).
     */
    private static void asKnownVersion(HttpRequest request) {
        int minor = request.protocolVersion().minorVersion();
        if (minor > 1) {
            request.setProtocolVersion(HttpVersion.HTTP_1_1);
        } else if (minor == 0) {
            request.headers().remove(HttpHeaderNames.EXPECT);
        }
    }

    /** Encodes what browsers send raw; the target as it came is kept in a header. */
    private static boolean isTargeted(HttpRequest request) {
        String target = request.uri();
        Optional<String> encoded = RawTarget.encoded(target);
        request.headers().remove(RawTarget.HEADER);
        if (encoded.isPresent() && !encoded.get().equals(target)) {
            request.headers().set(RawTarget.HEADER, target);
            request.setUri(encoded.get());
        }
        return encoded.isPresent();
    }

    /** A fault in a body, such as an invalid chunk or too large a trailer. */
    static Optional<Problem> faultOfBody(Object message) {
        return message instanceof DecoderResultProvider part
                        && part.decoderResult().isFailure()
                ? Optional.of(Problem.malformed("The body of the request is malformed"))
                : Optional.empty();
    }

    private static Problem problemOf(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Problem.URI_TOO_LONG;
        }
        return cause instanceof TooLongHttpHeaderException
                ? Problem.HEAD_TOO_LARGE
                : Problem.malformed("The request is malformed");
    }

    /**
     * One Host, which HTTP/1.0 may lack, and the same in an absolute target. An empty port means nothing (RFC 3986
     * section 3.2.3) and is removed, because the server's next handler cannot parse it.
     */
    private static boolean isAddressed(HttpRequest request) {
        Iterator<? extends CharSequence> hosts = request.headers().valueCharSequenceIterator(HttpHeaderNames.HOST);
        String host = hosts.hasNext() ? hosts.next().toString() : null;
        boolean mayLack = request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) < 0;
        if (hosts.hasNext() || (host == null ? !mayLack : !isHost(host))) {
            return false;
        }
        if (host != null && host.endsWith(":")) {
            request.headers().set(HttpHeaderNames.HOST, withoutEmptyPort(host));
        }
        return request.uri().startsWith("/") || isAbsolute(request, host);
    }

    private static boolean isAbsolute(HttpRequest request, @Nullable String host) {
        Matcher absolute = ABSOLUTE.matcher(request.uri());
        if (!absolute.matches() || !isHost(absolute.group(2))) {
            return false;
        }
        String scheme = absolute.group(1).toLowerCase(Locale.ROOT);
        String authority = absolute.group(2);
        if (host != null && !normal(host, scheme).equals(normal(authority, scheme))) {
            return false;
        }
        String rest = absolute.group(3);
        request.setUri(rest.startsWith("/") ? rest : "/" + rest);
        request.headers().set(HttpHeaderNames.HOST, withoutEmptyPort(authority));
        return true;
    }

    /** Most are letters, digits, dots and hyphens, perhaps with a port, and need no matcher. */
    private static boolean isHost(String text) {
        int end = 0;
        while (end < text.length() && isPlain(text.charAt(end))) {
            end++;
        }
        boolean isPlainName = end > 0 && end <= LONGEST_NAME;
        if (end == text.length()) {
            return isPlainName;
        }
        return text.charAt(end) == ':' ? isPlainName && isPort(text, end + 1) : matchesHost(text);
    }

    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '.' || c == '-';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** An empty one is one, too. */
    private static boolean isPort(String text, int from) {
        int port = 0;
        for (int at = from; at < text.length(); at++) {
            port = port * 10 + text.charAt(at) - '0';
            if (!isDigit(text.charAt(at)) || at - from == PORT_DIGITS) {
                return false;
            }
        }
        return port <= 0xffff;
    }

    private static boolean matchesHost(String text) {
        Matcher parts = HOST.matcher(text);
        if (!parts.matches()) {
            return false;
        }
        String ipv6 = parts.group(1);
        String port = parts.group(2);
        return (ipv6 == null || NetUtil.isValidIpV6Address(ipv6)) && (port == null || isPort(port, 0));
    }

    private static String withoutEmptyPort(String authority) {
        return authority.endsWith(":") ? authority.substring(0, authority.length() - 1) : authority;
    }

    /** In lower case and without the port that the scheme implies. */
    private static String normal(String authority, String scheme) {
        String folded = authority.toLowerCase(Locale.ROOT);
        String usual = scheme.equals("https") ? ":443" : ":80";
        if (folded.endsWith(usual)) {
            return folded.substring(0, folded.length() - usual.length());
        }
        return withoutEmptyPort(folded);
    }
}
