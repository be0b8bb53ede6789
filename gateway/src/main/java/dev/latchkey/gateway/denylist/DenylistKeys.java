package dev.latchkey.gateway.denylist;

/** The denylist's names in Redis, in one place. */
public final class DenylistKeys {

    /** A hash: subject to the instant (ms) before which its sessions are refused. */
    public static final String DENIED_USERS = "latchkey:denied-users";

    /** The channel on which each change of an entry is published. */
    public static final String CHANNEL = "latchkey:denied";

    /**
     * A hash: subject to the roles that its access tokens may have; in the slot of the instants, whose channel it uses.
     */
    static final String CHANGED_ROLES = "latchkey:changed-roles:{" + DENIED_USERS + "}";

    private DenylistKeys() {}

    /**
     * A text: the last heartbeat that passed through a master.
     *
     * @param tag a hash tag, with its braces, whose slot the master holds
     */
    static String beat(String tag) {
        return "latchkey:beat:" + tag;
    }

    /** A hash: the id of a session that has ended to its tombstone. */
    public static String ended(Shard shard) {
        return "latchkey:ended:" + shard.tag();
    }

    /** A hash: what nodes know of sessions whose tombstones Redis has lost. */
    static String lost(Shard shard) {
        return "latchkey:lost:" + shard.tag();
    }

    /** A hash: session id to its entry. */
    public static String denied(Shard shard) {
        return "latchkey:denied:" + shard.tag();
    }
}
