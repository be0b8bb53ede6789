package dev.latchkey.gateway.redis.pubsub;

/** Receives messages. Called by one thread at a time, never one of the driver's. */
public interface Subscriber {

    /**
     * A message arrived.
     *
     * @param isSharded whether on a channel of a shard (Redis 7, {@code SSUBSCRIBE})
     */
    void heard(boolean isSharded, String message);

    /** A message may have been lost: a connection broke, or there was no room for a message. */
    void lost();

    /** Whether the servers have channels of shards and let this user join them; called after each attempt to join. */
    void sharded(boolean works);
}
