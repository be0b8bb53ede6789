package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Instant;

/** Receives revocations as this node learns of them, one after the other; it must not block. */
public interface RevocationListener {

    /** The session accepts no token any more. */
    void sessionRevoked(SessionId session);

    /** The user has these roles now; access tokens with others are refused. */
    void rolesChanged(Subject subject, Roles roles);

    /** Sessions of this user that began before {@code notBefore} accept no token any more. */
    void userRevoked(Subject subject, Instant notBefore);
}
