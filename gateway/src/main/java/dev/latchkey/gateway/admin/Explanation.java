package dev.latchkey.gateway.admin;

import dev.latchkey.gateway.denylist.Denylist.UserEntries;
import dev.latchkey.gateway.denylist.users.UserRecord;
import dev.latchkey.gateway.session.records.SessionState;
import dev.latchkey.gateway.token.Subject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an operator is told of a token, a session or a user. It holds no token and no session id but the public one.
 *
 * @param token what a token says, if it was one
 * @param session what is known of its session
 * @param user what is known of its user
 * @param thisNode what the node that answers says of an access token by its own copy of the denylist, which each
 *     request is decided by while it is fresh: {@code accepted}, {@code denied} or {@code asks-redis}
 */
public record Explanation(
        Kind kind,
        Verdict verdict,
        Optional<Subject> subject,
        Optional<TokenFacts> token,
        Optional<SessionState> session,
        Optional<UserFacts> user,
        Optional<String> thisNode) {

    /** What was asked about. */
    public enum Kind {
        ACCESS_TOKEN,
        REFRESH_TOKEN,
        /** A text that this gateway did not sign, or not like this; nothing in it is believed. */
        UNVERIFIED_TOKEN,
        SESSION,
        USER
    }

    /**
     * What a verified token says.
     *
     * @param roles of an access token
     * @param boundTo the thumbprint of the key without whose proof it is refused (RFC 9449)
     */
    public record TokenFacts(
            boolean isExpired,
            Instant issuedAt,
            Instant expiresAt,
            int generation,
            List<String> roles,
            Optional<String> boundTo) {}

    /**
     * What is known of a user.
     *
     * @param record what the nodes have agreed on about a user of a directory
     */
    public record UserFacts(UserEntries denial, Optional<UserRecord> record) {}

    /** Hides the subject. */
    @Override
    public String toString() {
        return "Explanation[" + kind + ", " + verdict.why() + "]";
    }
}
