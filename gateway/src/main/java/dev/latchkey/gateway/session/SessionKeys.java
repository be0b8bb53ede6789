package dev.latchkey.gateway.session;

import dev.latchkey.gateway.denylist.DenylistKeys;
import dev.latchkey.gateway.denylist.Shard;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.util.List;

/** The sessions' names in Redis, in one place. */
final class SessionKeys {

    private SessionKeys() {}

    static String record(SessionId session) {
        return "latchkey:session:" + Shard.of(session).tag() + ":" + session.value();
    }

    /** The record and its shard's denylist, which lie in one slot. */
    static List<String> recordAndDenied(SessionId session) {
        return List.of(record(session), DenylistKeys.denied(Shard.of(session)));
    }

    static String ofUser(Subject subject) {
        return "latchkey:sessions:{" + subject.value() + "}";
    }
}
