package dev.latchkey.gateway.telemetry;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Iterator;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Ids of requests: 32 hexadecimal digits, the first half drawn once for each process, the second for each request. They
 * are unique, and no secret: nothing is allowed because somebody knows one. A trusted proxy's own id is kept, as Envoy
 * keeps those of trusted hops and replaces all others.
 */
@Component
public final class RequestIds {

    private static final int HALF = 16;
    private static final int LONGEST = 128;

    private final boolean isEnabled;
    private final AsciiString header;
    private final byte[] process = new byte[HALF];

    RequestIds(RequestIdProperties properties) {
        this.isEnabled = properties.enabled();
        this.header = AsciiString.cached(properties.header());
        Hex.write(new SecureRandom().nextLong(), process, 0);
    }

    public boolean areEnabled() {
        return isEnabled;
    }

    /** Gives the request its id, and the backend with it, which gets the header as any other. */
    public String assign(HttpHeaders request, boolean isPeerTrusted) {
        String id = isPeerTrusted ? said(request) : null;
        if (id == null) {
            id = next();
            request.set(header, id);
        }
        return id;
    }

    /** Says it to the client; that of a backend goes. */
    public void tell(String id, HttpHeaders answer) {
        answer.set(header, id);
    }

    /** The one that was sent, if there is exactly one and it is safe in every log and page. */
    private @Nullable String said(HttpHeaders request) {
        Iterator<? extends CharSequence> lines = request.valueCharSequenceIterator(header);
        String first = lines.hasNext() ? lines.next().toString() : "";
        return !lines.hasNext() && isValid(first) ? first : null;
    }

    /** 1 to 128 letters, digits, and {@code -._~+/=:@}. */
    static boolean isValid(String id) {
        boolean isValid = !id.isEmpty() && id.length() <= LONGEST;
        for (int at = 0; at < id.length() && isValid; at++) {
            char c = id.charAt(at);
            isValid = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "-._~+/=:@".indexOf(c) >= 0;
        }
        return isValid;
    }

    /** One for what never became a request. */
    public String next() {
        byte[] text = Hex.scratch();
        System.arraycopy(process, 0, text, 0, HALF);
        Hex.write(ThreadLocalRandom.current().nextLong(), text, HALF);
        return new String(text, 0, 2 * HALF, StandardCharsets.ISO_8859_1);
    }
}
