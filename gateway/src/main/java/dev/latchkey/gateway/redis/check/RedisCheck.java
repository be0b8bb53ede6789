package dev.latchkey.gateway.redis.check;

import dev.latchkey.gateway.redis.Capability;
import dev.latchkey.gateway.redis.Channels;
import dev.latchkey.gateway.redis.Master;
import dev.latchkey.gateway.redis.ServerInfo;
import dev.latchkey.gateway.redis.SharedConnection;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.pubsub.StatefulRedisClusterPubSubConnection;
import io.lettuce.core.codec.StringCodec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.springframework.beans.BeansException;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Checks the Redis of a gateway without starting one: its version, its eviction policy, and the rights of the user. */
public final class RedisCheck {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final List<String> errors = new ArrayList<>();

    private final Channels channels;

    private RedisCheck(Channels channels) {
        this.channels = channels;
    }

    /**
     * Connects with {@code spring.data.redis.*}, and asks. Blocks for some seconds at most.
     *
     * @param environment the gateway's own
     * @param channels what a gateway publishes and listens to
     */
    public static Report run(ConfigurableEnvironment environment, Channels channels) {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.setEnvironment(environment);
            context.register(
                    PropertyPlaceholderAutoConfiguration.class,
                    SslAutoConfiguration.class,
                    DataRedisAutoConfiguration.class);
            context.refresh();
            RedisConnectionFactory factory = context.getBean(RedisConnectionFactory.class);
            return new RedisCheck(channels.in(factory)).look(factory);
        } catch (BeansException unfit) {
            return Report.of(property(unfit) + " cannot be used: " + reason(unfit));
        }
    }

    private Report look(RedisConnectionFactory factory) {
        SharedConnection link = new SharedConnection(factory, channels.masters(), System::nanoTime);
        try {
            List<Master> masters = Objects.requireNonNull(link.masters().block(LIMIT));
            List<String> said = new ArrayList<>();
            for (Master master : masters) {
                said.add(ask(master));
                errors.addAll(new RedisRights(master, channels).missing());
            }
            RedisRights.missing(factory, channels).ifPresent(errors::add);
            List<String> warnings = link.isCluster() ? shardedChannels(factory, masters) : List.of();
            String summary = link.kind() + ", "
                    + String.join("; ", said.stream().distinct().toList());
            return new Report(summary, errors.stream().distinct().toList(), warnings);
        } catch (RuntimeException unreachable) {
            return Report.of(link.kind() + ": it cannot be asked: " + reason(unreachable));
        }
    }

    /** For each master, one channel of each kind: rights depend on the name. */
    private List<String> shardedChannels(RedisConnectionFactory factory, List<Master> masters) {
        RedisClusterClient cluster =
                (RedisClusterClient) ((LettuceConnectionFactory) factory).getRequiredNativeClient();
        Map<String, List<String>> places = channels.places(cluster.getPartitions());
        try (StatefulRedisClusterPubSubConnection<String, String> listener = cluster.connectPubSub(StringCodec.UTF8)) {
            List<String> missing = new ArrayList<>();
            for (Master master : masters) {
                Collection<String> sharded = places.getOrDefault(master.name(), List.of()).stream()
                        .collect(Collectors.toMap(
                                channel -> channel.replaceFirst("\\{.*", ""), channel -> channel, (one, other) -> one))
                        .values();
                missing.addAll(new RedisRights(master, channels)
                        .wanted(
                                List.copyOf(sharded),
                                listener.getConnection(master.name()).async()));
            }
            return missing.stream().distinct().toList();
        }
    }

    private String ask(Master master) {
        ServerInfo facts = Objects.requireNonNull(Capability.ask(master)
                .flatMap(capability -> ServerInfo.ask(master, capability))
                .block(LIMIT));
        facts.capability().unfit().ifPresent(errors::add);
        if (facts.mayEvict()) {
            errors.add("maxmemory-policy is " + facts.evictionPolicy().orElse("")
                    + ", which may drop sessions and what is revoked: set noeviction");
        }
        return "version " + facts.capability().version().orElse("unknown") + ", maxmemory-policy "
                + facts.evictionPolicy().orElse("unknown");
    }

    /** Waits for the answer of one command. */
    static <T> T answer(Future<T> future) {
        try {
            return future.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed.getCause());
        } catch (TimeoutException silent) {
            throw new IllegalStateException(silent);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** The property that cannot be bound, if there is one. */
    private static String property(Throwable unfit) {
        for (Throwable next = unfit; next != null; next = next.getCause()) {
            if (next instanceof BindException bound) {
                return bound.getName().toString();
            }
        }
        return "what spring.data.redis says";
    }

    /** A message is shown only if it cannot hold a password, as one about an invalid URL would. */
    private static String reason(Exception failure) {
        Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
        boolean isSafe = cause instanceof IOException
                || cause instanceof RedisConnectionException
                || cause instanceof RedisCommandExecutionException;
        return cause.getClass().getSimpleName() + (isSafe ? " (" + cause.getMessage() + ")" : "");
    }

    /**
     * What was found.
     *
     * @param summary kind, version and policy; empty if it cannot be asked
     * @param errors why a gateway could not work with it, or not safely
     * @param warnings what it could do better
     */
    public record Report(String summary, List<String> errors, List<String> warnings) {

        public Report {
            errors = List.copyOf(errors);
            warnings = List.copyOf(warnings);
        }

        private static Report of(String error) {
            return new Report("", List.of(error), List.of());
        }
    }
}
