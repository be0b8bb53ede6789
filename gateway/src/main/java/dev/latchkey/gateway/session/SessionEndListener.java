package dev.latchkey.gateway.session;

import dev.latchkey.gateway.token.SessionId;

/**
 * Hears of each session that this node has ended before its time, and perhaps more than once of one; must not block.
 */
public interface SessionEndListener {

    /** The session's record is gone. */
    void ended(SessionId session);
}
