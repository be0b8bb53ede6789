package dev.latchkey.gateway.redis.pubsub;

/** Hears what is published. Called by one thread at a time, and by none of the driver's. */
public interface Subscriber {

    /**
     * A message came.
     *
     * @param isSharded whether on a channel of a shard (Redis 7, {@code SSUBSCRIBE})
     */
    void heard(boolean isSharded, String message);

    /** Something may have been published that did not come: a connection broke, or nobody could take a message. */
    void lost();

    /** Whether the servers know channels of shards and let this user join them; told each time those are joined. */
    void sharded(boolean works);
}
