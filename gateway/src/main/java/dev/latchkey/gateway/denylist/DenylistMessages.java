package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.denylist.DenylistChannels.Path;
import dev.latchkey.gateway.redis.Subscriber;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what is said on the channels: {@code beat,...} of a node, {@code user,instant,sub}, {@code roles,sub} with an
 * entry on the next lines, or {@code sid,floor,later,from,ends} of a script. What cannot be read may have been a
 * revocation, so the view is not whole then.
 */
final class DenylistMessages implements Subscriber {

    private static final Logger log = LoggerFactory.getLogger(DenylistMessages.class);

    private static final String USER = "user,";
    private static final String ROLES = "roles,";

    private final LocalDenylist local;
    private final Heartbeat heartbeat;
    private final DenylistChannels channels;

    DenylistMessages(LocalDenylist local, Heartbeat heartbeat, DenylistChannels channels) {
        this.channels = channels;
        this.local = local;
        this.heartbeat = heartbeat;
    }

    /** Never fails. */
    @Override
    public void heard(boolean isSharded, String message) {
        try {
            take(isSharded ? Path.SHARDED : Path.PLAIN, message);
        } catch (RuntimeException unreadable) {
            local.freshness().breakOff();
            log.warn("denylist: a message cannot be read; the whole denylist is read instead");
        }
    }

    /** It may have been a revocation. */
    @Override
    public void lost() {
        local.freshness().breakOff();
    }

    @Override
    public void sharded(boolean works) {
        channels.sharded(works);
    }

    private void take(Path path, String message) {
        if (message.startsWith(Heartbeat.PREFIX)) {
            heartbeat.heard(path, message);
        } else if (message.startsWith(USER)) {
            takeUser(message.substring(USER.length()));
        } else if (message.startsWith(ROLES)) {
            takeRoles(message.substring(ROLES.length()));
        } else {
            int end = message.indexOf(',');
            DenylistEntry entry =
                    DenylistEntry.parse(message.substring(end + 1)).orElseThrow();
            local.take(new SessionId(message.substring(0, end)), entry);
        }
    }

    private void takeRoles(String said) {
        int end = said.indexOf('\n');
        local.takeRoles(
                new Subject(said.substring(0, end)),
                RolesEntry.parse(said.substring(end + 1)).orElseThrow());
    }

    private void takeUser(String said) {
        int end = said.indexOf(',');
        Instant instant = Instant.ofEpochMilli(Long.parseLong(said.substring(0, end)));
        local.takeUser(new Subject(said.substring(end + 1)), instant);
    }
}
