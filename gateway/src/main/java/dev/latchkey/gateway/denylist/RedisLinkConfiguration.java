package dev.latchkey.gateway.denylist;

import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.SocketOptions.TcpUserTimeoutOptions;
import io.lettuce.core.event.connection.ConnectionActivatedEvent;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import reactor.core.publisher.Flux;

/**
 * How this node talks to Redis, beside what {@code spring.data.redis.*} says: a connection that is down answers at once
 * instead of queueing commands, notices silence, and is soon tried again.
 */
@Configuration(proxyBeanMethods = false)
class RedisLinkConfiguration {

    /** Not met, since {@link Silence} lets fewer through: beyond it the driver would log each command. */
    private static final int QUEUED = 10 * Silence.MOST;

    private static final String TIMEOUT = "${spring.data.redis.timeout:1s}";
    private static final Duration SILENCE = Duration.ofSeconds(5);
    private static final Duration SOONEST = Duration.ofMillis(10);
    private static final Duration LATEST = Duration.ofMillis(500);

    @Bean
    LettuceClientOptionsBuilderCustomizer rejectWhileDisconnected(
            @Value("${spring.data.redis.connect-timeout:1s}") Duration connectTimeout) {
        return options -> options.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(QUEUED)
                .socketOptions(noticingSilence(connectTimeout));
    }

    /** A server that vanished without a word would else be waited for until the kernel gives up, after minutes. */
    private static SocketOptions noticingSilence(Duration connectTimeout) {
        KeepAliveOptions keepAlive = KeepAliveOptions.builder()
                .enable()
                .idle(SILENCE)
                .interval(Duration.ofSeconds(1))
                .count(3)
                .build();
        TcpUserTimeoutOptions unanswered =
                TcpUserTimeoutOptions.builder().enable().tcpUserTimeout(SILENCE).build();
        return SocketOptions.builder()
                .connectTimeout(connectTimeout)
                .keepAlive(keepAlive)
                .tcpUserTimeout(unanswered)
                .build();
    }

    @Bean
    ClientResourcesBuilderCustomizer reconnectSoon() {
        return resources -> resources.reconnectDelay(Delay.equalJitter(SOONEST, LATEST, 10, TimeUnit.MILLISECONDS));
    }

    @Bean
    RedisLink redisLink(RedisConnectionFactory connections) {
        return new RedisLink(connections, System::nanoTime);
    }

    @Bean
    RedisServers redisServers(
            RedisLink link, ClientResources resources, RedisMeters meters, @Value(TIMEOUT) Duration timeout) {
        Flux<?> made = resources.eventBus().get().ofType(ConnectionActivatedEvent.class);
        RedisServers servers = new RedisServers(link, made, System::nanoTime, timeout);
        meters.replicas(servers::fewestReplicas);
        return servers;
    }

    @Bean
    OwnConnections ownConnections(RedisConnectionFactory connections) {
        return new OwnConnections(connections);
    }

    @Bean
    RedisMeters redisMeters(MeterRegistry registry) {
        return new RedisMeters(registry);
    }

    @Bean(initMethod = "warmUp")
    RedisCalls redisCalls(
            RedisLink link,
            RedisServers servers,
            OwnConnections own,
            RedisMeters meters,
            @Value(TIMEOUT) Duration timeout) {
        Clock clock = Clock.systemUTC();
        AcknowledgedCalls acknowledged = new AcknowledgedCalls(own, servers, new ShortfallLog(clock), meters, timeout);
        CallWatch watch = new CallWatch(new Silences(System::nanoTime), new OutageLog(clock), meters, timeout);
        return new RedisCalls(link, watch, servers, acknowledged);
    }
}
