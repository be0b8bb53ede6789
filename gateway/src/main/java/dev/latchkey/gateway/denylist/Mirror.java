package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Instant;
import java.util.List;

/** This node's copy of the denylist: what is known, how old that view is, and who wants to hear of revocations. */
final class Mirror {

    private final MirroredEntries entries;
    private final MirrorView view;
    private final List<RevocationListener> listeners;

    Mirror(MirroredEntries entries, MirrorView view, List<RevocationListener> listeners) {
        this.entries = entries;
        this.view = view;
        this.listeners = List.copyOf(listeners);
    }

    MirroredEntries entries() {
        return entries;
    }

    MirrorView view() {
        return view;
    }

    /** Stores an entry, heard or read; false where there was no room, and then the view is not whole. */
    boolean take(SessionId session, DenylistEntry entry) {
        boolean isNews = entry.isRevoked() && !entries.isRevoked(session);
        boolean taken = entries.take(session, entry);
        if (!taken) {
            view.breakOff();
        }
        if (isNews) {
            listeners.forEach(it -> it.sessionRevoked(session));
        }
        return taken;
    }

    /** Stores a user's roles, heard or read; false where there was no room, and then the view is not whole. */
    boolean takeRoles(Subject subject, RolesEntry entry) {
        boolean isNews = entries.isNews(subject, entry);
        boolean taken = entries.takeRoles(subject, entry);
        if (!taken) {
            view.breakOff();
        }
        if (isNews) {
            listeners.forEach(it -> it.rolesChanged(subject, entry.roles()));
        }
        return taken;
    }

    /** Stores a user's instant, heard or read; false where there was no room, and then the view is not whole. */
    boolean takeUser(Subject subject, Instant instant) {
        boolean isNews = !entries.knowsUser(subject, instant);
        boolean taken = entries.takeUser(subject, instant);
        if (!taken) {
            view.breakOff();
        }
        if (isNews) {
            listeners.forEach(it -> it.userRevoked(subject, instant));
        }
        return taken;
    }
}
