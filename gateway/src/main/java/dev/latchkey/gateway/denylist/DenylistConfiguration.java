package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.redis.ChannelSubscription;
import dev.latchkey.gateway.redis.Channels;
import dev.latchkey.gateway.redis.ClusterSubscriptions;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.redis.RedisDisconnections;
import dev.latchkey.gateway.redis.RedisTime;
import dev.latchkey.gateway.redis.ScriptClock;
import dev.latchkey.gateway.token.SessionProperties;
import dev.latchkey.gateway.token.TokenProperties;
import java.time.Clock;
import java.time.InstantSource;
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
    Channels publishedChannels() {
        return DenylistKeys.CHANNELS;
    }

    @Bean
    DenylistChannels denylistChannels(RedisClient redis, DenylistProperties properties) {
        return new DenylistChannels(redis.isCluster(), properties.olderNodesFor(), System::nanoTime);
    }

    @Bean
    TimedScripts timedScripts(RedisClient redis, ScriptClock clock, RedisTime time, DenylistChannels channels) {
        return new TimedScripts(redis, clock, time, channels);
    }

    @Bean
    RedisDenylist redisDenylist(RedisClient redis, TimedScripts scripts, SessionProperties sessions) {
        return new RedisDenylist(redis, scripts, sessions.absoluteTimeout());
    }

    @Bean
    LocalDenylist denylistMirror(
            DenylistProperties properties, SessionProperties sessions, ObjectProvider<RevocationListener> listeners) {
        LocalEntries entries = new LocalEntries(sessions.absoluteTimeout(), properties.maxEntries());
        Freshness view = new Freshness(properties.staleAfter(), System::nanoTime);
        return new LocalDenylist(entries, view, listeners.stream().toList());
    }

    @Bean
    UserRecords userRecords(
            RedisClient redis, TimedScripts scripts, RedisDenylist denylist, LocalDenylist localDenylist) {
        return new UserRecords(redis, scripts, denylist, localDenylist);
    }

    @Bean
    EndedSessions endedSessions(RedisClient redis, DenylistProperties properties, InstantSource clock) {
        return new EndedSessions(redis, clock, properties.maxEnded());
    }

    @Bean
    EndedReading endedReading(
            RedisClient redis,
            TimedScripts scripts,
            EndedSessions ended,
            DenylistRepair sessions,
            UnreadableEntries unreadable,
            TokenProperties tokens) {
        return new EndedReading(
                redis, scripts, ended, sessions, unreadable, tokens.accessTtl().plus(Denylist.BEYOND_ACCESS));
    }

    @Bean
    Denylist denylist(
            LocalDenylist localDenylist,
            RedisDenylist redis,
            EndedSessions ended,
            DenylistProperties properties,
            InstantSource clock) {
        return new SynchronizedDenylist(localDenylist, redis, ended, properties.outagePolicy(), clock);
    }

    @Bean
    UnreadableEntries unreadableEntries() {
        return new UnreadableEntries();
    }

    @Bean
    LocalDenylistReport localDenylistReport(
            LocalDenylist localDenylist, EndedSessions ended, UnreadableEntries unreadable) {
        return new LocalDenylistReport(localDenylist, ended, unreadable);
    }

    @Bean
    LocalDenylistMeters localDenylistMeters(LocalDenylistReport report) {
        return new LocalDenylistMeters(report);
    }

    @Bean
    Heartbeat denylistHeartbeat(
            RedisClient redis, TimedScripts scripts, LocalDenylist localDenylist, DenylistChannels channels) {
        String node = UUID.randomUUID().toString();
        return new Heartbeat(redis, scripts, localDenylist.view(), channels, node, System::nanoTime);
    }

    @Bean
    DenylistMessages denylistMessages(LocalDenylist localDenylist, Heartbeat heartbeat, DenylistChannels channels) {
        return new DenylistMessages(localDenylist, heartbeat, channels);
    }

    @Bean
    ChannelSubscription channelSubscription(RedisConnectionFactory connections, DenylistMessages messages) {
        return new ChannelSubscription(connections, DenylistKeys.CHANNELS, messages);
    }

    @Bean
    ClusterSubscriptions clusterSubscriptions(RedisConnectionFactory connections, DenylistMessages messages) {
        return new ClusterSubscriptions(connections, DenylistKeys.CHANNELS, messages);
    }

    @Bean
    FullSync fullSync(
            RedisClient redis,
            RedisDenylist denylist,
            LocalDenylist localDenylist,
            DenylistRepair sessions,
            EndedReading ended,
            UnreadableEntries unreadable,
            InstantSource clock) {
        return new FullSync(redis, denylist, localDenylist, sessions, ended, unreadable, clock);
    }

    @Bean
    DenylistSynchronizer denylistSynchronizer(
            LocalDenylist localDenylist,
            ChannelSubscription channel,
            ClusterSubscriptions cluster,
            Heartbeat heartbeat,
            FullSync reading,
            DenylistProperties properties,
            RedisDisconnections disconnections) {
        return new DenylistSynchronizer(
                localDenylist.view(),
                channel,
                cluster,
                heartbeat,
                reading,
                properties.readInterval(),
                disconnections.events(),
                System::nanoTime);
    }
}
