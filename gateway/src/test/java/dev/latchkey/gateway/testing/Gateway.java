package dev.latchkey.gateway.testing;

import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.GatewayApplication;
import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.redis.RedisTime;
import dev.latchkey.gateway.redis.ScriptClock;
import dev.latchkey.gateway.telemetry.RequestObserver;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.springframework.beans.factory.config.BeanDefinitionCustomizer;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;
import org.springframework.http.client.ReactorResourceFactory;

/** One node: the whole application on a port of its own. */
public final class Gateway implements AutoCloseable {

    /** With {@code -Dtest.lane=off} all stories are told without the lane. */
    private static final boolean HAS_LANE =
            !System.getProperty("test.lane", "on").equals("off");

    /** A machine on which all tests run may stand still for longer than a gateway waits for Redis by default. */
    private static final String COMMAND_LIMIT = "3s";

    private static final BeanDefinitionCustomizer PRIMARY = definition -> definition.setPrimary(true);

    private final ConfigurableApplicationContext context;

    /** Whether the stories are told with the lane. */
    public static boolean hasLane() {
        return HAS_LANE;
    }

    private Gateway(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Starts a node whose clocks are the story's. */
    public static Gateway start(Map<String, Object> properties, TestClock clock, AuditLog audit) {
        return run(properties, context -> {
            context.registerBean("storyClock", InstantSource.class, () -> clock, PRIMARY);
            scripts(context, clock);
            audit(context, audit);
        });
    }

    /** Starts a node whose clocks are the story's, and which tells of each request at its end. */
    public static Gateway start(Map<String, Object> properties, TestClock clock, RequestObserver observer) {
        return run(properties, context -> {
            context.registerBean("storyClock", InstantSource.class, () -> clock, PRIMARY);
            context.registerBean("storyObserver", RequestObserver.class, () -> observer);
            scripts(context, clock);
            audit(context, event -> {});
        });
    }

    /** Starts a node whose own clock is so far from the story's, and which knows that clock from Redis alone. */
    static Gateway start(Map<String, Object> properties, TestClock clock, Duration skew, AuditLog audit) {
        return run(properties, context -> {
            InstantSource own = () -> clock.instant().plus(skew);
            context.registerBean("storyTime", RedisTime.class, () -> new RedisTime(own), PRIMARY);
            scripts(context, clock);
            audit(context, audit);
        });
    }

    /** Starts a node that lives by real clocks. */
    public static Gateway start(Map<String, Object> properties) {
        return run(properties, context -> {});
    }

    /** Starts a node that lives by real clocks and records what it decides. */
    public static Gateway start(Map<String, Object> properties, AuditLog audit) {
        return run(properties, context -> audit(context, audit));
    }

    private static Gateway run(Map<String, Object> properties, Consumer<GenericApplicationContext> beans) {
        return new Gateway(new SpringApplicationBuilder(GatewayApplication.class)
                .initializers(context -> apart((GenericApplicationContext) context))
                .initializers(context -> beans.accept((GenericApplicationContext) context))
                .run(arguments(properties)));
    }

    /**
     * As on the command line, which goes before what the jar brings; stories about other things do not wait at a stop.
     */
    private static String[] arguments(Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.putIfAbsent("latchkey.shutdown.drain", "0s");
        all.putIfAbsent("latchkey.lane.enabled", HAS_LANE);
        all.putIfAbsent("spring.data.redis.timeout", COMMAND_LIMIT);
        return all.entrySet().stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .toArray(String[]::new);
    }

    /** What separate processes have of themselves: no test classes, and event loops that end with one node only. */
    private static void apart(GenericApplicationContext context) {
        withoutTestClasses(context);
        context.registerBean("storyLoops", ReactorResourceFactory.class, Gateway::ownLoops);
    }

    /**
     * Loops that end with their context; those that all share would end with the first one, and with them all servers.
     */
    public static ReactorResourceFactory ownLoops() {
        ReactorResourceFactory loops = new ReactorResourceFactory();
        loops.setUseGlobalResources(false);
        return loops;
    }

    /** A jar has no test classes; a scan of the class path here would take other tests' configuration for ours. */
    private static void withoutTestClasses(ConfigurableApplicationContext context) {
        context.getBeanFactory().registerSingleton("withoutTestClasses", new TypeExcludeFilter() {
            @Override
            public boolean match(MetadataReader reader, MetadataReaderFactory factory) throws IOException {
                return reader.getResource().getURL().getPath().contains("/test-classes/");
            }

            @Override
            public boolean equals(Object other) {
                return this == other;
            }

            @Override
            public int hashCode() {
                return 1;
            }
        });
    }

    private static void scripts(GenericApplicationContext context, InstantSource clock) {
        context.registerBean(
                "storyScriptClock",
                ScriptClock.class,
                () -> () -> Long.toString(clock.instant().toEpochMilli()),
                PRIMARY);
    }

    /** Where a node keeps events, it does so, too; its log stays silent otherwise. */
    private static void audit(GenericApplicationContext context, AuditLog audit) {
        boolean isKept = context.getEnvironment().getProperty("latchkey.audit.stream.enabled", Boolean.class, false);
        context.registerBean(
                "storyAudit",
                AuditLog.class,
                () -> isKept ? both(audit, context.getBean("auditSinks", AuditLog.class)) : audit,
                PRIMARY);
    }

    private static AuditLog both(AuditLog one, AuditLog other) {
        return event -> {
            one.record(event);
            other.record(event);
        };
    }

    public int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /** Where operators look. */
    public String managementUrl() {
        return "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.management.port");
    }

    /** A bean of the running node. */
    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    boolean isRunning() {
        return context.isActive();
    }

    /** Until it has connected again: the next story would be answered with 503. */
    void awaitRedis() {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(60))
                .until(() -> bean(RedisClient.class)
                        .size("latchkey:none")
                        .map(size -> true)
                        .onErrorReturn(false)
                        .block());
    }

    /** As a process that dies: its ports and connections are gone at once, and nobody is told. */
    public void kill() {
        bean(ReactorResourceFactory.class)
                .getLoopResources()
                .disposeLater(Duration.ZERO, Duration.ofSeconds(5))
                .block(Duration.ofSeconds(10));
        close();
    }

    @Override
    public void close() {
        context.close();
    }
}
