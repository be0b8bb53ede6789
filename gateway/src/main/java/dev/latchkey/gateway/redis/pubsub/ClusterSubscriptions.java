package dev.latchkey.gateway.redis.pubsub;

import dev.latchkey.gateway.redis.Channels;
import dev.latchkey.gateway.redis.DriverThreads;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.pubsub.StatefulRedisClusterPubSubConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * This node's subscriptions to the channels of a cluster: the shared one, and those of the shards with a connection to
 * each master. Joining blocks. After any trouble, and when a slot has moved, all are left and joined again: the driver
 * would join the channels of several slots in one command, which servers reject.
 */
public final class ClusterSubscriptions implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final RedisConnectionFactory factory;
    private final Channels channels;
    private final DriverThreads.Handover handover;
    private final Subscriber subscriber;
    private Runnable joined = () -> {};
    private @Nullable Subscriptions subscriptions;

    public ClusterSubscriptions(RedisConnectionFactory factory, Channels channels, Subscriber subscriber) {
        this.factory = factory;
        this.subscriber = subscriber;
        this.channels = channels;
        this.handover = new DriverThreads.Handover(subscriber::lost);
    }

    /** Sets a callback for each time all channels were joined; before the first {@link #join}. */
    public void listen(Runnable whenJoined) {
        joined = whenJoined;
    }

    /** Joins if that is not done, or if slots have moved since; fails if Redis is unavailable. */
    public synchronized void join() {
        if (!(factory instanceof LettuceConnectionFactory lettuce) || !lettuce.isClusterAware()) {
            return;
        }
        RedisClusterClient cluster = (RedisClusterClient) lettuce.getRequiredNativeClient();
        Map<String, List<String>> places = channels.places(cluster.getPartitions());
        Subscriptions known = subscriptions;
        if (known != null && known.areAt(places)) {
            known.ping();
            return;
        }
        close();
        subscriptions = opened(cluster, places);
        joined.run();
    }

    private Subscriptions opened(RedisClusterClient cluster, Map<String, List<String>> places) {
        Subscriptions opened = new Subscriptions(cluster.connectPubSub(StringCodec.UTF8), places);
        try {
            opened.join();
            subscriber.sharded(opened.joinShards());
            return opened;
        } catch (RuntimeException failure) {
            opened.leave();
            throw failure;
        }
    }

    @Override
    public synchronized void close() {
        Subscriptions known = subscriptions;
        subscriptions = null;
        if (known != null) {
            known.leave();
        }
    }

    private final class Subscriptions extends RedisPubSubAdapter<String, String>
            implements RedisConnectionStateListener {

        private final StatefulRedisClusterPubSubConnection<String, String> cluster;
        private final Map<String, List<String>> places;
        private final List<StatefulRedisPubSubConnection<String, String>> connections = new ArrayList<>();
        private volatile boolean broken;
        private volatile boolean left;

        Subscriptions(StatefulRedisClusterPubSubConnection<String, String> cluster, Map<String, List<String>> places) {
            this.cluster = cluster;
            this.places = places;
        }

        void join() {
            listenTo(cluster);
            awaited(List.of(cluster.async().subscribe(channels.shared()).toCompletableFuture()));
        }

        /** Whether the servers have such channels, and this user may join them and publish there. */
        boolean joinShards() {
            List<CompletableFuture<?>> answers = new ArrayList<>();
            places.forEach((master, names) -> {
                StatefulRedisPubSubConnection<String, String> connection = cluster.getConnection(master);
                listenTo(connection);
                answers.add(connection
                        .async()
                        .spublish(names.get(0), channels.noNews())
                        .toCompletableFuture());
                names.forEach(
                        name -> answers.add(connection.async().ssubscribe(name).toCompletableFuture()));
            });
            try {
                awaited(answers);
                return true;
            } catch (CompletionException failure) {
                if (failure.getCause() instanceof RedisCommandExecutionException) {
                    return false;
                }
                throw failure;
            }
        }

        private void listenTo(StatefulRedisPubSubConnection<String, String> connection) {
            connections.add(connection);
            connection.addListener((RedisConnectionStateListener) this);
            connection.addListener((RedisPubSubListener<String, String>) this);
        }

        private static void awaited(List<? extends CompletableFuture<?>> answers) {
            CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                    .orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        }

        boolean areAt(Map<String, List<String>> now) {
            return !broken && places.equals(now);
        }

        /** So that a connection to a frozen server is noticed, and closed. */
        void ping() {
            for (StatefulRedisPubSubConnection<String, String> connection : connections) {
                var unused = connection.async().ping();
            }
        }

        /** Does not wait for the end. */
        void leave() {
            left = true;
            var unused = cluster.closeAsync();
        }

        @Override
        public void message(String channel, String message) {
            handover.hand(() -> subscriber.heard(false, message));
        }

        @Override
        public void smessage(String channel, String message) {
            handover.hand(() -> subscriber.heard(true, message));
        }

        /** This node leaves no channel by itself: its slot has moved. */
        @Override
        public void sunsubscribed(String channel, long count) {
            lost();
        }

        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
            lost();
        }

        private void lost() {
            if (!left) {
                broken = true;
                handover.hand(subscriber::lost);
            }
        }
    }
}
