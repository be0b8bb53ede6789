package dev.latchkey.gateway.session;

import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.token.SessionProperties;
import dev.latchkey.gateway.token.TokenProperties;
import java.time.Duration;

/** The durations that the scripts are given, checked against each other. */
record Lifetimes(Duration access, Duration grace, Duration idle, Duration absolute) {

    private static final int ACCESS_TO_GRACE = 3;

    Lifetimes {
        if (access.compareTo(grace.multipliedBy(ACCESS_TO_GRACE)) < 0) {
            throw new StartupException(
                    "latchkey.token.access-ttl must be at least three times latchkey.rotation.grace",
                    "Lengthen the life of access tokens or shorten the grace.");
        }
        if (idle.compareTo(access) <= 0) {
            throw new StartupException(
                    "latchkey.session.idle-timeout must be longer than latchkey.token.access-ttl,"
                            + " or a session ends before its first rotation",
                    "Lengthen the idle timeout or shorten the life of access tokens.");
        }
    }

    /** How long an entry of the denylist stays: longer than any access token that it refuses. */
    Duration denylistEntry() {
        return access.plus(Denylist.BEYOND_ACCESS);
    }

    static Lifetimes of(TokenProperties token, RotationProperties rotation, SessionProperties session) {
        return new Lifetimes(token.accessTtl(), rotation.grace(), session.idleTimeout(), session.absoluteTimeout());
    }
}
