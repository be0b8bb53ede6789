package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.redis.Channels;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.redis.RedisServers;
import dev.latchkey.gateway.redis.RedisTime;
import dev.latchkey.gateway.redis.ScriptClock;
import dev.latchkey.gateway.redis.pubsub.ChannelSubscription;
import dev.latchkey.gateway.redis.pubsub.ClusterSubscriptions;
import dev.latchkey.gateway.token.SessionProperties;
import dev.latchkey.gateway.token.TokenProperties;
import java.time.Clock;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** The denylist, and the clock that follows Redis. */
@Configuration(proxyBeanMethods = false)
class DenylistConfiguration {

    @Bean
    RedisTime redisTime() {
        return new RedisTime(Clock.systemUTC());
    }

    @Bean
    ScriptClock scriptClock() {
        return () -> "";
    }

    @Bean
    Channels publishedChannels(RedisConnectionFactory connections) {
        return DenylistKeys.CHANNELS.in(connections);
    }

    @Bean
    DenylistChannels denylistChannels(RedisClient redis, Channels channels, DenylistProperties properties) {
        return new DenylistChannels(redis.isCluster(), channels.shared(), properties.olderNodesFor(), System::nanoTime);
    }

    @Bean
    LocalDenylist localDenylist(
            DenylistProperties properties,
            SessionProperties sessions,
            TokenProperties tokens,
            ObjectProvider<RevocationListener> listeners) {
        return new LocalDenylist(
                sessions.absoluteTimeout(),
                tokens.accessTtl().plus(Denylist.BEYOND_ACCESS),
                properties.maxEntries(),
                new Freshness(properties.staleAfter(), System::nanoTime),
                listeners.stream().toList());
    }

    @Bean
    Heartbeat denylistHeartbeat(
            RedisClient redis, TimedScripts scripts, LocalDenylist local, DenylistChannels channels) {
        String node = UUID.randomUUID().toString();
        return new Heartbeat(redis, scripts, local.freshness(), channels, node, System::nanoTime);
    }

    @Bean
    ChannelSubscription channelSubscription(
            RedisConnectionFactory connections, Channels channels, DenylistMessages messages) {
        return new ChannelSubscription(connections, channels, messages);
    }

    @Bean
    ClusterSubscriptions clusterSubscriptions(
            RedisConnectionFactory connections, Channels channels, DenylistMessages messages) {
        return new ClusterSubscriptions(connections, channels, messages);
    }

    @Bean
    DenylistSynchronizer denylistSynchronizer(
            LocalDenylist local,
            ChannelSubscription channel,
            ClusterSubscriptions cluster,
            Heartbeat heartbeat,
            FullSync fullSync,
            DenylistProperties properties,
            RedisServers servers) {
        return new DenylistSynchronizer(
                local.freshness(),
                channel,
                cluster,
                heartbeat,
                fullSync,
                properties.readInterval(),
                servers.disconnections(),
                System::nanoTime);
    }
}
