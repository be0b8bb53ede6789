package dev.latchkey.gateway.pipeline.cookies;

import java.time.Duration;

/**
 * A cookie of the gateway's, for a browser to keep (RFC 6265 section 4.1): for this host alone and every path, hidden
 * from scripts, and sent by other sites only when a person follows a link.
 *
 * @param maxAge zero has the browser delete it
 * @param secure whether it is sent over TLS only
 */
public record SetCookie(String name, String value, Duration maxAge, boolean secure) {

    /** The value of a {@code Set-Cookie} header. */
    public String line() {
        return name + "=" + value + "; Path=/; Max-Age=" + maxAge.toSeconds() + (secure ? "; Secure" : "")
                + "; HttpOnly; SameSite=Lax";
    }

    /** Never shows the value. */
    @Override
    public String toString() {
        return "SetCookie[" + name + "]";
    }
}
