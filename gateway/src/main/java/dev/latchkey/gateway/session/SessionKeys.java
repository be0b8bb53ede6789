package dev.latchkey.gateway.session;

import dev.latchkey.gateway.denylist.DenylistKeys;
import dev.latchkey.gateway.denylist.Shard;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.util.List;

/** The sessions' keys in Redis. */
public final class SessionKeys {

    /** What the key of each session's record begins with. */
    public static final String PREFIX = "latchkey:session:";

    private SessionKeys() {}

    /** The session's record, a hash. */
    public static String record(SessionId session) {
        return PREFIX + Shard.of(session).tag() + ":" + session.value();
    }

    /** The record, and its shard's denylist and tombstones, which lie in one slot. */
    public static List<String> all(SessionId session) {
        Shard shard = Shard.of(session);
        return List.of(record(session), DenylistKeys.denied(shard), DenylistKeys.ended(shard));
    }

    /** What is held of the session's OpenID Provider, a hash in the slot of the record. */
    public static String upstream(SessionId session) {
        return "latchkey:upstream:" + Shard.of(session).tag() + ":" + session.value();
    }

    /** All, and what is held of the provider. */
    static List<String> allAndUpstream(SessionId session) {
        Shard shard = Shard.of(session);
        return List.of(record(session), DenylistKeys.denied(shard), DenylistKeys.ended(shard), upstream(session));
    }

    /** The record and its shard's tombstones. */
    static List<String> recordAndEnded(SessionId session) {
        return List.of(record(session), DenylistKeys.ended(Shard.of(session)));
    }

    /** Which sessions a user has, a hash in a slot of its own. */
    public static String ofUser(Subject subject) {
        return "latchkey:sessions:{" + subject.value() + "}";
    }
}
