package dev.latchkey.gateway.redis.pubsub;

import dev.latchkey.gateway.redis.Channels;
import dev.latchkey.gateway.redis.DriverThreads;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.Message;
import org.springframework.data.redis.connection.MessageListener;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.SubscriptionListener;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * This node's subscription to the shared channel without a cluster, on a dedicated connection that the driver restores
 * when it breaks. Joining and leaving block; messages are handed, in order, to a thread that is not the driver's.
 */
public final class ChannelSubscription implements AutoCloseable {

    private final RedisConnectionFactory factory;
    private final Channels channels;
    private final Subscriber subscriber;
    private final DriverThreads.Handover handover;
    private Runnable joined = () -> {};
    private Runnable heard = () -> {};
    private @Nullable RedisConnection connection;

    public ChannelSubscription(RedisConnectionFactory factory, Channels channels, Subscriber subscriber) {
        this.factory = factory;
        this.channels = channels;
        this.subscriber = subscriber;
        this.handover = new DriverThreads.Handover(subscriber::lost);
    }

    /**
     * Sets callbacks; before the first {@link #join}.
     *
     * @param whenJoined each time the channel is joined, also when the driver reconnected by itself
     * @param whenHeard on each message
     */
    public void listen(Runnable whenJoined, Runnable whenHeard) {
        joined = whenJoined;
        heard = whenHeard;
    }

    /** Joins if that is not done yet; fails if Redis is unavailable. */
    public synchronized void join() {
        if (connection != null || (factory instanceof LettuceConnectionFactory lettuce && lettuce.isClusterAware())) {
            return;
        }
        RedisConnection own = factory.getConnection();
        try {
            own.subscribe(new Listener(), channels.shared().getBytes(StandardCharsets.UTF_8));
        } catch (RuntimeException failure) {
            own.close();
            throw failure;
        }
        connection = own;
    }

    /** Leaves; the next {@link #join} may find another server. */
    @Override
    public synchronized void close() {
        RedisConnection own = connection;
        connection = null;
        if (own != null) {
            own.close();
        }
    }

    private void take(byte[] said) {
        heard.run();
        subscriber.heard(false, new String(said, StandardCharsets.UTF_8));
    }

    private final class Listener implements MessageListener, SubscriptionListener {

        @Override
        public void onChannelSubscribed(byte[] channel, long count) {
            handover.hand(joined);
        }

        @Override
        public void onMessage(Message message, byte @Nullable [] pattern) {
            byte[] said = message.getBody();
            handover.hand(() -> take(said));
        }
    }
}
