package dev.latchkey.gateway.redis;

import dev.latchkey.gateway.startup.StartupException;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.SocketOptions.TcpUserTimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * How this node talks to Redis, in addition to {@code spring.data.redis.*}: a broken connection rejects commands
 * instead of queueing them, silence is noticed, and reconnecting begins soon.
 */
@Configuration(proxyBeanMethods = false)
class RedisConfiguration {

    /** Never reached, since {@link RedisCircuitBreaker} lets fewer through; the driver logs each command beyond it. */
    private static final int QUEUED = 10 * RedisCircuitBreaker.MOST;

    private static final String TIMEOUT = "${spring.data.redis.timeout:1s}";
    private static final Duration SILENCE = Duration.ofSeconds(5);
    private static final Duration SOONEST = Duration.ofMillis(10);
    private static final Duration LATEST = Duration.ofSeconds(1);

    /** How long an answer may be missing before the connection is closed; at least twice as long as a call waits. */
    private static final Duration UNANSWERED = Duration.ofSeconds(3);

    /** How often the other nodes of a cluster are asked for its members while one is missing. */
    private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(1);

    @Bean
    LettuceClientOptionsBuilderCustomizer clientOptions(
            @Value("${spring.data.redis.connect-timeout:1s}") Duration connectTimeout,
            DataRedisProperties properties,
            Environment environment) {
        SharedConnection.fault(environment).ifPresent(sentence -> {
            throw new StartupException(sentence);
        });
        return options -> {
            options.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                    .requestQueueSize(QUEUED)
                    .socketOptions(noticingSilence(connectTimeout));
            if (options instanceof ClusterClientOptions.Builder cluster) {
                cluster.topologyRefreshOptions(
                                following(properties.getLettuce().getCluster().getRefresh()))
                        .nodeFilter(RedisConfiguration::isThere);
            }
        };
    }

    /** Without this, only the kernel would give up a server that vanished, after minutes. */
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

    private static ClusterTopologyRefreshOptions following(DataRedisProperties.Lettuce.Cluster.Refresh refresh) {
        ClusterTopologyRefreshOptions.Builder following = ClusterTopologyRefreshOptions.builder()
                .dynamicRefreshSources(refresh.isDynamicRefreshSources())
                .adaptiveRefreshTriggersTimeout(BETWEEN_QUESTIONS)
                .refreshTriggersReconnectAttempts(1);
        if (refresh.getPeriod() != null) {
            following.enablePeriodicRefresh(refresh.getPeriod());
        }
        return following.build();
    }

    /** A node that the cluster has given up is not connected to until the cluster has it back. */
    private static boolean isThere(RedisClusterNode node) {
        return !node.is(NodeFlag.FAIL) && !node.is(NodeFlag.NOADDR);
    }

    @Bean
    DriverChannels driverChannels(@Value(TIMEOUT) Duration timeout) {
        Duration twice = timeout.multipliedBy(2);
        return new DriverChannels(twice.compareTo(UNANSWERED) > 0 ? twice : UNANSWERED, System::nanoTime);
    }

    @Bean
    ClientResourcesBuilderCustomizer reconnectSoon(DriverChannels channels) {
        return resources -> resources
                .reconnectDelay(Delay.equalJitter(SOONEST, LATEST, 10, TimeUnit.MILLISECONDS))
                .nettyCustomizer(channels);
    }

    @Bean
    SharedConnection sharedConnection(RedisConnectionFactory connections, Channels channels) {
        return new SharedConnection(connections, channels.masters(), System::nanoTime);
    }

    @Bean
    RedisServers redisServers(
            SharedConnection connection,
            ClientResources resources,
            MeterRegistry registry,
            @Value(TIMEOUT) Duration timeout) {
        RedisServers servers = new RedisServers(connection, resources.eventBus(), System::nanoTime, timeout);
        Gauge.builder("latchkey.redis.replicas", servers::fewestReplicas)
                .description("Replicas in touch with the master that has the fewest")
                .register(registry);
        return servers;
    }

    @Bean
    DedicatedConnectionPool dedicatedConnectionPool(RedisConnectionFactory connections) {
        return new DedicatedConnectionPool(connections);
    }

    @Bean(initMethod = "warmUp")
    RedisClient redisClient(
            SharedConnection connection,
            RedisServers servers,
            DedicatedConnectionPool dedicated,
            DriverChannels channels,
            MeterRegistry registry,
            @Value(TIMEOUT) Duration timeout) {
        RedisFailures failures = new RedisFailures(registry, System::nanoTime);
        ReplicatedWrites replicated = new ReplicatedWrites(dedicated, servers, failures, timeout);
        CallGuard guard = new CallGuard(servers, failures, timeout, channels::dropAll);
        return new RedisClient(connection, guard, servers, replicated);
    }
}
