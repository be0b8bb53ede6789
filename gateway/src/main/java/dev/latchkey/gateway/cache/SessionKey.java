package dev.latchkey.gateway.cache;

import dev.latchkey.gateway.crypto.Base64Url;
import dev.latchkey.gateway.token.SessionId;

/** The 128 bits of a session id, in less than half of its memory. */
public record SessionKey(long high, long low) {

    public static SessionKey of(SessionId session) {
        return new SessionKey(Base64Url.longAt(session.value(), 0), Base64Url.longAt(session.value(), Long.SIZE));
    }

    /** The session id of these bits. */
    public SessionId id() {
        return new SessionId(Base64Url.encode(high, low));
    }

    /** Never shows the session. */
    @Override
    public String toString() {
        return "SessionKey[hidden]";
    }
}
