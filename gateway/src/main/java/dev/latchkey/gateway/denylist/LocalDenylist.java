package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Instant;
import java.util.List;

/** This node's copy of the denylist: what is known, how old that view is, and who wants to hear of revocations. */
final class LocalDenylist {

    private final LocalEntries entries;
    private final Freshness view;
    private final List<RevocationListener> listeners;

    LocalDenylist(LocalEntries entries, Freshness view, List<RevocationListener> listeners) {
        this.entries = entries;
        this.view = view;
        this.listeners = List.copyOf(listeners);
    }

    LocalEntries entries() {
        return entries;
    }

    Freshness view() {
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
