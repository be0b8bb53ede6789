package dev.latchkey.gateway.signin.attempts;

import dev.latchkey.gateway.token.SessionId;
import java.util.Optional;

/**
 * Somebody's attempt to sign in.
 *
 * @param name as it was sent
 * @param address the client's
 * @param session a live session of this very name that the client holds
 */
public record Attempt(String name, String address, Optional<SessionId> session) {

    /** Hides the name: people type passwords into its field. */
    @Override
    public String toString() {
        return "Attempt[hidden]";
    }
}
