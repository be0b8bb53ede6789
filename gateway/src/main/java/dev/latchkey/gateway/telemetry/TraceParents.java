package dev.latchkey.gateway.telemetry;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Continues the trace of a request or begins one, and names the gateway's span to the backend (W3C Trace Context
 * sections 3 and 4). A trace of a client who is not trusted is not continued, because it could decide what is recorded
 * here and mix its spans with those of others (section 7).
 */
@Component
public final class TraceParents {

    private static final AsciiString PARENT = AsciiString.cached("traceparent");
    private static final AsciiString STATE = AsciiString.cached("tracestate");

    /** {@code 00-} trace id {@code -} parent id {@code -} flags. */
    private static final int LENGTH = 55;

    private static final int TRACE = 3;
    private static final int SPAN = 36;
    private static final int FLAGS = 53;
    private static final int HALF = 16;
    private static final int RADIX = 16;

    /** Section 3.3.1: a member, whose key may name a tenant. */
    private static final Pattern MEMBER =
            Pattern.compile("(?:[a-z][a-z0-9_*/-]{0,255}|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13})"
                    + "=[\\x20-\\x2b\\x2d-\\x3c\\x3e-\\x7e]{0,255}[\\x21-\\x2b\\x2d-\\x3c\\x3e-\\x7e]");

    private static final int MOST_MEMBERS = 32;

    /** Section 3.3.1.5 asks for at least this much. */
    private static final int LONGEST_STATE = 512;

    private final TracingProperties properties;

    /** A trace that begins here is sampled if the second half of its id is below; so each node decides the same. */
    private final long sampledBelow;

    TraceParents(TracingProperties properties) {
        this.properties = properties;
        this.sampledBelow =
                properties.sampleRate() == 1 ? Long.MAX_VALUE : (long) (properties.sampleRate() * Long.MAX_VALUE);
    }

    public boolean areEnabled() {
        return properties.enabled();
    }

    /** The gateway's span of this request, whose headers name it to the backend from here. */
    public TraceContext begin(HttpHeaders request, boolean isPeerTrusted) {
        TraceContext context = isPeerTrusted || properties.trustClients() ? continued(request) : null;
        if (context == null) {
            context = begun();
        }
        request.set(PARENT, header(context));
        if (context.state() == null) {
            request.remove(STATE);
        } else {
            request.set(STATE, context.state());
        }
        return context;
    }

    private TraceContext begun() {
        long low = id();
        boolean isSampled = properties.sampleRate() > 0 && (low & Long.MAX_VALUE) <= sampledBelow;
        return new TraceContext(id(), low, id(), 0, isSampled, null);
    }

    private static long id() {
        long id = ThreadLocalRandom.current().nextLong();
        return id == 0 ? 1 : id;
    }

    private static @Nullable TraceContext continued(HttpHeaders request) {
        List<String> lines = request.getAll(PARENT);
        return lines.size() == 1 ? continued(lines.get(0), request) : null;
    }

    /** A later version may say more behind these parts (section 3.2.4); what is sent on is version 00. */
    private static @Nullable TraceContext continued(String text, HttpHeaders request) {
        boolean isWhole = text.length() == LENGTH
                || (text.length() > LENGTH && text.charAt(LENGTH) == '-' && !text.startsWith("00"));
        if (!isWhole
                || text.startsWith("ff")
                || text.charAt(TRACE - 1) != '-'
                || text.charAt(SPAN - 1) != '-'
                || text.charAt(FLAGS - 1) != '-'
                || !Hex.are(text, 0, TRACE - 1)
                || !Hex.are(text, TRACE, SPAN - 1)
                || !Hex.are(text, SPAN, FLAGS - 1)
                || !Hex.are(text, FLAGS, LENGTH)) {
            return null;
        }
        long high = Long.parseUnsignedLong(text, TRACE, TRACE + HALF, RADIX);
        long low = Long.parseUnsignedLong(text, TRACE + HALF, SPAN - 1, RADIX);
        long parent = Long.parseUnsignedLong(text, SPAN, FLAGS - 1, RADIX);
        boolean isSampled = (Integer.parseInt(text, FLAGS, LENGTH, RADIX) & 1) == 1;
        return (high | low) == 0 || parent == 0
                ? null
                : new TraceContext(high, low, id(), parent, isSampled, state(request.getAll(STATE)));
    }

    /** One line of all; null if there is none, or if they are malformed, which says nothing of the parent. */
    private static @Nullable String state(List<String> lines) {
        String all = String.join(",", lines);
        if (all.isEmpty() || all.length() > LONGEST_STATE) {
            return null;
        }
        Set<String> keys = new HashSet<>();
        StringBuilder kept = new StringBuilder(all.length());
        for (String each : all.split(",", -1)) {
            String member = each.strip();
            if (member.isEmpty()) {
                continue;
            }
            if (!MEMBER.matcher(member).matches() || !keys.add(member.substring(0, member.indexOf('=')))) {
                return null;
            }
            kept.append(kept.isEmpty() ? "" : ",").append(member);
        }
        return keys.size() > MOST_MEMBERS || kept.isEmpty() ? null : kept.toString();
    }

    private static String header(TraceContext context) {
        byte[] text = Hex.scratch();
        text[0] = '0';
        text[1] = '0';
        text[TRACE - 1] = '-';
        Hex.write(context.high(), text, TRACE);
        Hex.write(context.low(), text, TRACE + HALF);
        text[SPAN - 1] = '-';
        Hex.write(context.span(), text, SPAN);
        text[FLAGS - 1] = '-';
        text[FLAGS] = '0';
        text[FLAGS + 1] = (byte) (context.isSampled() ? '1' : '0');
        return new String(text, 0, LENGTH, StandardCharsets.ISO_8859_1);
    }
}
