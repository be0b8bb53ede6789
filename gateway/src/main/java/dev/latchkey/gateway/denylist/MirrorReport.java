package dev.latchkey.gateway.denylist;

import java.time.Duration;

/** How this node's mirror of the denylist is, for operators. */
public final class MirrorReport {

    private final Mirror mirror;

    MirrorReport(Mirror mirror) {
        this.mirror = mirror;
    }

    /** Whether the mirror answers alone; else each request reads Redis. */
    public boolean isFresh() {
        return mirror.view().isFresh();
    }

    /** How long ago it was last known that nothing is missing. */
    public Duration age() {
        return mirror.view().age();
    }

    /** How many sessions have an entry. */
    public int sessions() {
        return mirror.entries().sessions();
    }

    /** How many users have an instant. */
    public int users() {
        return mirror.entries().users();
    }
}
