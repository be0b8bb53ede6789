package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.redis.Channels;
import dev.latchkey.gateway.redis.ClusterChannels;
import dev.latchkey.gateway.redis.MirrorChannel;
import dev.latchkey.gateway.redis.RedisCalls;
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
    DenylistChannels denylistChannels(RedisCalls redis, DenylistProperties properties) {
        return new DenylistChannels(redis.isCluster(), properties.olderNodesFor(), System::nanoTime);
    }

    @Bean
    TimedScripts timedScripts(RedisCalls redis, ScriptClock clock, RedisTime time, DenylistChannels channels) {
        return new TimedScripts(redis, clock, time, channels);
    }

    @Bean
    RedisDenylist redisDenylist(RedisCalls redis, TimedScripts scripts, SessionProperties sessions) {
        return new RedisDenylist(redis, scripts, sessions.absoluteTimeout());
    }

    @Bean
    Mirror denylistMirror(
            DenylistProperties properties, SessionProperties sessions, ObjectProvider<RevocationListener> listeners) {
        MirroredEntries entries = new MirroredEntries(sessions.absoluteTimeout(), properties.maxEntries());
        MirrorView view = new MirrorView(properties.staleAfter(), System::nanoTime);
        return new Mirror(entries, view, listeners.stream().toList());
    }

    @Bean
    UserRecords userRecords(RedisCalls redis, TimedScripts scripts, RedisDenylist denylist, Mirror mirror) {
        return new UserRecords(redis, scripts, denylist, mirror);
    }

    @Bean
    EndedSessions endedSessions(RedisCalls redis, DenylistProperties properties, InstantSource clock) {
        return new EndedSessions(redis, clock, properties.maxEnded());
    }

    @Bean
    EndedReading endedReading(
            RedisCalls redis,
            TimedScripts scripts,
            EndedSessions ended,
            WriteBack sessions,
            UnreadableEntries unreadable,
            TokenProperties tokens) {
        return new EndedReading(
                redis, scripts, ended, sessions, unreadable, tokens.accessTtl().plus(Denylist.BEYOND_ACCESS));
    }

    @Bean
    Denylist denylist(
            Mirror mirror,
            RedisDenylist redis,
            EndedSessions ended,
            DenylistProperties properties,
            InstantSource clock) {
        return new MirroredDenylist(mirror, redis, ended, properties.outagePolicy(), clock);
    }

    @Bean
    UnreadableEntries unreadableEntries() {
        return new UnreadableEntries();
    }

    @Bean
    MirrorReport mirrorReport(Mirror mirror, EndedSessions ended, UnreadableEntries unreadable) {
        return new MirrorReport(mirror, ended, unreadable);
    }

    @Bean
    MirrorMeters mirrorMeters(MirrorReport report) {
        return new MirrorMeters(report);
    }

    @Bean
    Heartbeat denylistHeartbeat(RedisCalls redis, TimedScripts scripts, Mirror mirror, DenylistChannels channels) {
        String node = UUID.randomUUID().toString();
        return new Heartbeat(redis, scripts, mirror.view(), channels, node, System::nanoTime);
    }

    @Bean
    MirrorMessages mirrorMessages(Mirror mirror, Heartbeat heartbeat, DenylistChannels channels) {
        return new MirrorMessages(mirror, heartbeat, channels);
    }

    @Bean
    MirrorChannel mirrorChannel(RedisConnectionFactory connections, MirrorMessages messages) {
        return new MirrorChannel(connections, DenylistKeys.CHANNELS, messages);
    }

    @Bean
    ClusterChannels clusterChannels(RedisConnectionFactory connections, MirrorMessages messages) {
        return new ClusterChannels(connections, DenylistKeys.CHANNELS, messages);
    }

    @Bean
    MirrorReading mirrorReading(
            RedisCalls redis,
            RedisDenylist denylist,
            Mirror mirror,
            WriteBack sessions,
            EndedReading ended,
            UnreadableEntries unreadable,
            InstantSource clock) {
        return new MirrorReading(redis, denylist, mirror, sessions, ended, unreadable, clock);
    }

    @Bean
    MirrorKeeper mirrorKeeper(
            Mirror mirror,
            MirrorChannel channel,
            ClusterChannels cluster,
            Heartbeat heartbeat,
            MirrorReading reading,
            DenylistProperties properties,
            RedisDisconnections disconnections) {
        return new MirrorKeeper(
                mirror.view(),
                channel,
                cluster,
                heartbeat,
                reading,
                properties.readInterval(),
                disconnections.events(),
                System::nanoTime);
    }
}
