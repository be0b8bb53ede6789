package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.redis.Channels;
import dev.latchkey.gateway.redis.MasterKeys;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The denylist's keys and channels in Redis. */
public final class DenylistKeys {

    /** A hash: subject to its {@code notBefore} (ms); sessions that began earlier are refused. */
    public static final String DENIED_USERS = "latchkey:denied-users";

    /**
     * The channel on which each change of an entry is published; that of another database than the first has its number
     * behind a colon.
     */
    public static final String CHANNEL = "latchkey:denied";

    /**
     * A hash: subject to the roles that their access tokens may have; in the slot of {@link #DENIED_USERS}, whose
     * channel it uses.
     */
    static final String CHANGED_ROLES = "latchkey:changed-roles:{" + DENIED_USERS + "}";

    /** A text: how long sessions can live, by the configuration of any node; in the slot of {@link #DENIED_USERS}. */
    static final String SESSION_LIFE = "latchkey:session-life:{" + DENIED_USERS + "}";

    /**
     * A text: the last heartbeat that passed through a master, one for each server that holds a part of the denylist.
     */
    public static final MasterKeys HEARTBEATS = new MasterKeys(
            "latchkey:beat:",
            Stream.concat(
                            IntStream.range(0, Shard.COUNT).mapToObj(number -> new Shard(number).tag()),
                            Stream.of("{" + DENIED_USERS + "}"))
                    .toList());

    /** Where changes are published. The message to check the channels with ends no session that can exist. */
    public static final Channels CHANNELS = new Channels(
            CHANNEL,
            Stream.concat(
                            IntStream.range(0, Shard.COUNT).mapToObj(number -> denied(new Shard(number))),
                            Stream.of(DENIED_USERS))
                    .toList(),
            HEARTBEATS,
            "user,0,latchkey-check");

    private DenylistKeys() {}

    /** A hash: id of an ended session to its tombstone. */
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
