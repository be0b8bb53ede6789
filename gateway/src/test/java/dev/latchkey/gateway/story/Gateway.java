package dev.latchkey.gateway.story;

import dev.latchkey.gateway.GatewayApplication;
import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.denylist.ScriptClock;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
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

    private static final BeanDefinitionCustomizer PRIMARY = definition -> definition.setPrimary(true);

    private final ConfigurableApplicationContext context;

    private Gateway(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Starts a node whose clocks are the story's. */
    static Gateway start(Map<String, Object> properties, TestClock clock, AuditLog audit) {
        return new Gateway(new SpringApplicationBuilder(GatewayApplication.class)
                .initializers(context -> register((GenericApplicationContext) context, clock, audit))
                .run(arguments(properties)));
    }

    /** Starts a node that lives by real clocks. */
    public static Gateway start(Map<String, Object> properties) {
        return new Gateway(new SpringApplicationBuilder(GatewayApplication.class)
                .initializers(context -> apart((GenericApplicationContext) context))
                .run(arguments(properties)));
    }

    /** As on the command line, which goes before what the jar brings. */
    private static String[] arguments(Map<String, Object> properties) {
        return properties.entrySet().stream()
                .map(it -> "--" + it.getKey() + "=" + it.getValue())
                .toArray(String[]::new);
    }

    /** What separate processes have of themselves: no test classes, and event loops that end with one node only. */
    private static void apart(GenericApplicationContext context) {
        withoutTestClasses(context);
        context.registerBean("storyLoops", ReactorResourceFactory.class, Gateway::ownLoops);
    }

    private static ReactorResourceFactory ownLoops() {
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

    private static void register(GenericApplicationContext context, TestClock clock, AuditLog audit) {
        apart(context);
        context.registerBean("storyClock", InstantSource.class, () -> clock, PRIMARY);
        context.registerBean(
                "storyScriptClock",
                ScriptClock.class,
                () -> () -> Long.toString(clock.instant().toEpochMilli()),
                PRIMARY);
        context.registerBean("storyAudit", AuditLog.class, () -> audit, PRIMARY);
    }

    public int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /** A bean of the running node. */
    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() {
        context.close();
    }
}
