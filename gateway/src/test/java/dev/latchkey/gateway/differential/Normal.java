package dev.latchkey.gateway.differential;

import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What two gateways cannot say in the same way, although they mean the same, is made equal here, and nothing else:
 *
 * <ul>
 *   <li>A token is read: each side has sessions of its own, so {@code sid}, {@code jti} and the signature are left out,
 *       and {@code iat} and {@code exp} of identity tokens, which are signed once and kept for a while. So is one of an
 *       attacker, whose header may be anything; its claims are those of the side that it was made of.
 *   <li>A provider's token that was exchanged (RFC 8693) is asked for by each side when it has none: when that was, is
 *       left out.
 *   <li>The frame with which the gateway closes a WebSocket has a mask of its own (RFC 6455 section 5.3): the status
 *       code below it is compared.
 *   <li>{@code Latchkey-Session} and {@code sessionId} are of the session of one side: their length is compared.
 *   <li>The path to return to after a sign-in has, where it is long, a name and a key that are made at random.
 *   <li>{@code Expires} of our cookies, which the framework counts from the machine's clock; {@code Max-Age} beside it
 *       says the same by the story's.
 *   <li>Each side has a backend of its own, on ports of its own.
 *   <li>Lines of different names may stand in any order (RFC 9110 section 5.3), so they are sorted by name; those of
 *       one name keep theirs. Names are compared as they are spelled, because what a client spelled should arrive so;
 *       the framework keeps one spelling for lines of one name, the first.
 *   <li>A body of unknown length that has come whole when its head is sent may be given its length (RFC 9112 section
 *       6.1), and the answer to a HEAD need not say that it would come in chunks (RFC 9110 section 9.3.2).
 *   <li>How much of a stream of events came before it was ended with its session is a question of time: one side's has
 *       to be the beginning of the other's.
 *   <li>A length is said by who frames the body, and that is the gateway: how it spells {@code Content-Length} is its
 *       choice.
 *   <li>Whose origin may read the refusal of a head is looked for in all bytes that have come by then.
 *   <li>{@code idleExpiresAt} is what is left of a record's life, by the clock of each side's Redis: that it is said is
 *       compared.
 *   <li>A proof names the hash of the access token and a nonce, which are those of one side; and when a circuit is
 *       tried again is counted from when it opened there: that both say a nonce, or such a time, is compared.
 *   <li>Each request has an id of its own, in the header and in problems: that there is one of 32 digits is compared.
 *   <li>The edges of chunks are nobody's promise (RFC 9112 section 7.1): bodies are compared without them.
 * </ul>
 */
final class Normal {

    private static final Pattern TOKEN =
            Pattern.compile("(?<![A-Za-z0-9_-])([A-Za-z0-9_-]{2,}+)\\.{1,2}(eyJ[A-Za-z0-9_-]*)\\.[A-Za-z0-9_-]*");

    private static final Pattern SESSION = Pattern.compile("((?i:latchkey-session): |\"sessionId\":\")([\\w-]{22})");
    private static final Pattern ATTEMPT = Pattern.compile("(/sign-in\\?attempt=)[\\w-]{8}");
    private static final Pattern RETURN = Pattern.compile("(latchkey-return-)[\\w-]{8}=[\\w-]{22}");
    private static final Pattern EXPIRES = Pattern.compile("(?i)(set-cookie: latchkey-.*; Expires=)[^;]*GMT");
    private static final Pattern IDLE = Pattern.compile("(\"idleExpiresAt\":\")[^\"]*");
    private static final Pattern NONCE = Pattern.compile("(?i)(dpop-nonce: )[\\w.-]{20,200}");
    private static final Pattern OPEN = Pattern.compile("(?i)(retry-after: |\"retryAfter\":)[23]\\d{3}");
    private static final Pattern REQUEST =
            Pattern.compile("((?i:x-request-id): |\"requestId\":\"|<br>Request )([0-9a-f]{32})(?![\\w])");
    private static final Pattern CLOSE = Pattern.compile("\u0088\u0082(.{4})(..)\\z", Pattern.DOTALL);

    /** The audience for which tokens of a provider are exchanged. */
    private static final String EXCHANGED = "orders";

    private static final Comparator<String> BY_NAME =
            Comparator.comparing(line -> line.split(":", 2)[0].toLowerCase(Locale.ROOT));

    private Normal() {}

    static List<String> fields(List<String> lines, WireBackend backend) {
        List<String> all = new ArrayList<>();
        String last = "";
        for (String line : lines.stream().sorted(BY_NAME).toList()) {
            String name = line.split(":", 2)[0];
            last = name.equalsIgnoreCase(last) ? last : name;
            String spelled = last.equalsIgnoreCase("content-length") ? "content-length" : last;
            all.add(text(spelled + line.substring(name.length()), backend));
        }
        return all;
    }

    /**
     * Without the lines that only say how a whole body is framed, and those for the origin of a head that was refused.
     */
    static List<String> withoutFraming(Reply reply) {
        String length = "content-length: " + reply.body().length();
        boolean isStream = reply.isEventStream();
        boolean isRefused = reply.body().contains("urn:latchkey:problem:malformed-request");
        return reply.fields().stream()
                .filter(line -> !isRefused || !line.startsWith("Access-Control-"))
                .filter(line -> !line.equalsIgnoreCase("transfer-encoding: chunked"))
                .filter(line -> reply.isToHead() || !(line.equalsIgnoreCase(length) || isLength(line, isStream)))
                .toList();
    }

    private static boolean isLength(String line, boolean isStream) {
        return isStream && line.toLowerCase(Locale.ROOT).startsWith("content-length:");
    }

    static String text(String text, WireBackend backend) {
        String read = TOKEN.matcher(text).replaceAll(token -> Matcher.quoteReplacement(claims(token)));
        String dated = EXPIRES.matcher(read).replaceAll("$1(then)");
        String idle = IDLE.matcher(dated).replaceAll("$1(then)");
        String named = ATTEMPT.matcher(idle).replaceAll("$1(8 characters)");
        String kept = RETURN.matcher(named).replaceAll("$1(8 characters)=(22 characters)");
        String proven = NONCE.matcher(kept).replaceAll("$1(nonce)");
        String closed = OPEN.matcher(proven).replaceAll("$1(then)");
        String unnamed = REQUEST.matcher(closed).replaceAll("$1(32 digits)");
        return backend.unnamed(SESSION.matcher(unnamed).replaceAll("$1(22 characters)"));
    }

    /** What a backend got: if it is of a WebSocket, its last frame may be one of the gateway's. */
    static String body(String body, WireBackend backend) {
        String unmasked = CLOSE.matcher(body)
                .replaceFirst(frame -> "(closed with " + statusCode(frame.group(1), frame.group(2)) + ")");
        return text(unmasked, backend);
    }

    /** RFC 6455 section 5.5.1. */
    private static int statusCode(String mask, String masked) {
        return (masked.charAt(0) ^ mask.charAt(0)) << Byte.SIZE | (masked.charAt(1) ^ mask.charAt(1));
    }

    private static String claims(MatchResult token) {
        try {
            String header = new Base64URL(token.group(1)).decodeToString();
            Map<String, Object> claims = parsed(token.group(2));
            claims.remove("sid");
            claims.remove("jti");
            if (header.contains("\"typ\":\"JWT\"")
                    || String.valueOf(claims.get("aud")).contains(EXCHANGED)) {
                claims.remove("iat");
                claims.remove("exp");
            }
            if (header.contains("\"typ\":\"dpop+jwt\"")) {
                claims.remove("ath");
                claims.remove("nonce");
            }
            return "token" + header + new TreeMap<>(claims);
        } catch (ParseException none) {
            return token.group();
        }
    }

    private static Map<String, Object> parsed(String part) throws ParseException {
        return JSONObjectUtils.parse(new Base64URL(part).decodeToString());
    }
}
