package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.denylist.DenylistChannels.Path;
import dev.latchkey.gateway.redis.pubsub.Subscriber;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Reads the messages of the channels: {@code beat,...} for a heartbeat, {@code user,notBefore,sub}, {@code roles,sub}
 * with an entry on the next lines, or {@code sid,min,nextMin,effectiveAt,expiresAt}. A message that cannot be read may
 * have been a revocation, so the local denylist is not complete then.
 */
@Component
final class DenylistMessages implements Subscriber {

    private static final Logger LOGGER = LoggerFactory.getLogger(DenylistMessages.class);

    private static final String USER = "user,";
    private static final String ROLES = "roles,";

    private final LocalDenylist local;
    private final Heartbeat heartbeat;
    private final DenylistChannels channels;
    private final InstantSource clock;

    DenylistMessages(LocalDenylist local, Heartbeat heartbeat, DenylistChannels channels, InstantSource clock) {
        this.channels = channels;
        this.local = local;
        this.heartbeat = heartbeat;
        this.clock = clock;
    }

    /** Never fails. */
    @Override
    public void heard(boolean isSharded, String message) {
        try {
            take(isSharded ? Path.SHARDED : Path.PLAIN, message);
        } catch (RuntimeException unreadable) {
            local.freshness().markIncomplete();
            LOGGER.warn("denylist: a message cannot be read; the whole denylist is read instead");
        }
    }

    @Override
    public void lost() {
        local.freshness().markIncomplete();
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

    private void takeRoles(String text) {
        int end = text.indexOf('\n');
        local.takeRoles(
                new Subject(text.substring(0, end)),
                RolesEntry.parse(text.substring(end + 1)).orElseThrow(),
                clock.instant());
    }

    private void takeUser(String text) {
        int end = text.indexOf(',');
        Instant notBefore = Instant.ofEpochMilli(Long.parseLong(text.substring(0, end)));
        local.takeUser(new Subject(text.substring(end + 1)), notBefore);
    }
}
