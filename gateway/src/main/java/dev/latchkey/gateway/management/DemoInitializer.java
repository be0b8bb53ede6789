package dev.latchkey.gateway.management;

import dev.latchkey.gateway.keys.IdentityAlgorithm;
import dev.latchkey.gateway.keys.KeyDirectory;
import dev.latchkey.gateway.startup.StartupException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.Profiles;
import org.springframework.util.FileSystemUtils;

/**
 * Makes sure that there is a Redis before anything starts. With the profile {@code demo}, it starts one where none is
 * configured, makes keys for the run, and warns that the passwords are public; without, a start that names no Redis
 * ends with a sentence.
 */
public final class DemoInitializer
        implements ApplicationContextInitializer<ConfigurableApplicationContext>,
                ApplicationListener<ApplicationReadyEvent> {

    private static final Logger LOGGER = LoggerFactory.getLogger("latchkey.demo");

    private final String path;

    /** For the framework. */
    public DemoInitializer() {
        this(Optional.ofNullable(System.getenv("PATH")).orElse(""));
    }

    /** @param path where to look for a server, as in the environment variable {@code PATH} */
    DemoInitializer(String path) {
        this.path = path;
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        ConfigurableEnvironment environment = context.getEnvironment();
        FormerProperties.refuse(environment);
        boolean demo = environment.acceptsProfiles(Profiles.of("demo"));
        boolean namesRedis = PropertiesCheck.namesRedis(environment);
        if (!demo && !namesRedis) {
            throw new StartupException(PropertiesCheck.NO_REDIS);
        }
        if (demo) {
            context.addApplicationListener(this);
            Map<String, Object> provided = new HashMap<>();
            if (!namesRedis) {
                provideRedis(context, provided);
            }
            if (!environment.containsProperty("latchkey.keys.directory")) {
                provideKeys(context, provided);
            }
            environment.getPropertySources().addLast(new MapPropertySource("provided for the demo", provided));
        }
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent ready) {
        LOGGER.warn(
                "THIS IS A DEMO: known passwords, no TLS, keys and sessions that end with this process."
                        + " http://localhost:{}/ with demo/demo or admin/admin",
                ready.getApplicationContext().getEnvironment().getProperty("local.server.port"));
    }

    private void provideRedis(ConfigurableApplicationContext context, Map<String, Object> provided) {
        Path program = DemoRedis.find(path);
        try {
            DemoRedis redis = DemoRedis.start(program);
            atEnd(context, redis::stop);
            provided.put("spring.data.redis.host", "127.0.0.1");
            provided.put("spring.data.redis.port", redis.port());
        } catch (IOException unable) {
            throw new StartupException(
                    "The demo cannot start " + program + ".", "Set spring.data.redis.host to a Redis that runs.");
        }
    }

    private static void provideKeys(ConfigurableApplicationContext context, Map<String, Object> provided) {
        try {
            Path folder = Files.createTempDirectory("latchkey-demo-keys");
            atEnd(context, () -> FileSystemUtils.deleteRecursively(folder.toFile()));
            KeyDirectory.create(folder, IdentityAlgorithm.DEFAULT, Clock.systemUTC());
            provided.put("latchkey.keys.directory", folder.toString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** After everything that uses it, and also when the start fails before there is a context to close. */
    private static void atEnd(ConfigurableApplicationContext context, Runnable end) {
        DefaultSingletonBeanRegistry beans = (DefaultSingletonBeanRegistry) context.getBeanFactory();
        beans.registerDisposableBean("demo-" + end.hashCode(), end::run);
        SpringApplication.getShutdownHandlers().add(end);
    }
}
