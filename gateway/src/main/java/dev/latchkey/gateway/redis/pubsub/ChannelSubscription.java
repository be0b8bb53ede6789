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
 * This node's ear on the channel of changes where there is no cluster, on a connection of its own that the driver makes
 * anew when it breaks. Joining and leaving block; what is heard is handed to another thread than the driver's, in
 * order.
 */
public final class ChannelSubscription implements AutoCloseable {

    private final RedisConnectionFactory factory;
    private final Channels channels;
    private final Subscriber subscriber;
    private final DriverThreads.Handover heardOf;
    private Runnable joined = () -> {};
    private Runnable heard = () -> {};
    private @Nullable RedisConnection connection;

    public ChannelSubscription(RedisConnectionFactory factory, Channels channels, Subscriber subscriber) {
        this.factory = factory;
        this.channels = channels;
        this.subscriber = subscriber;
        this.heardOf = new DriverThreads.Handover(subscriber::lost);
    }

    /**
     * Says whom to tell; before the first {@link #join}.
     *
     * @param whenJoined each time the channel is joined, also where the driver came back by itself
     * @param whenHeard each time anything is heard
     */
    public void listen(Runnable whenJoined, Runnable whenHeard) {
        joined = whenJoined;
        heard = whenHeard;
    }

    /** Joins where that is not done yet; fails where Redis is away. */
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

    /** Leaves; whoever joins again may find another server. */
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
            heardOf.hand(joined);
        }

        @Override
        public void onMessage(Message message, byte @Nullable [] pattern) {
            byte[] said = message.getBody();
            heardOf.hand(() -> take(said));
        }
    }
}
