package dev.latchkey.gateway.denylist;

import java.time.Duration;

/** How this node's mirror of the denylist is, for operators. */
public final class LocalDenylistReport {

    private final LocalDenylist localDenylist;
    private final EndedSessions ended;
    private final UnreadableEntries unreadable;

    LocalDenylistReport(LocalDenylist localDenylist, EndedSessions ended, UnreadableEntries unreadable) {
        this.localDenylist = localDenylist;
        this.ended = ended;
        this.unreadable = unreadable;
    }

    /** Whether the mirror answers alone; else each request reads Redis. */
    public boolean isFresh() {
        return localDenylist.view().isFresh();
    }

    /** How long ago it was last known that nothing is missing. */
    public Duration age() {
        return localDenylist.view().age();
    }

    /** How many sessions have an entry. */
    public int sessions() {
        return localDenylist.entries().sessions();
    }

    /** How many sessions that have ended are remembered until they would have ended by themselves. */
    public int ended() {
        return ended.size();
    }

    /** In how many of the shards Redis was found to have lost tombstones: it was restored from an older copy. */
    public int restoredShards() {
        return ended.losses();
    }

    /** How many entries there are in Redis that cannot be read. */
    public int unreadable() {
        return unreadable.count();
    }

    /** How many users have an instant. */
    public int users() {
        return localDenylist.entries().users();
    }
}
