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
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.Profiles;
import org.springframework.util.FileSystemUtils;

/**
 * Sees to it that there is a Redis to talk to before anything starts: the demo profile brings what nobody configured, a
 * Redis and keys for the run; any other start without a Redis ends with a sentence.
 */
public final class EmbeddedRedisInitializer implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        ConfigurableEnvironment environment = context.getEnvironment();
        PropertiesCheck.requireCurrentNames(environment);
        boolean demo = environment.acceptsProfiles(Profiles.of("demo"));
        Map<String, Object> provided = new HashMap<>();
        if (!PropertiesCheck.namesRedis(environment)) {
            provideRedis(context, demo, provided);
        }
        if (demo && !environment.containsProperty("latchkey.keys.directory")) {
            provideKeys(context, provided);
        }
        environment.getPropertySources().addLast(new MapPropertySource("provided for the demo", provided));
    }

    private static void provideRedis(
            ConfigurableApplicationContext context, boolean demo, Map<String, Object> provided) {
        if (!demo) {
            throw new StartupException(PropertiesCheck.NO_REDIS);
        }
        DemoRedis redis = DemoRedis.start();
        atEnd(context, redis::stop);
        provided.put("spring.data.redis.host", "127.0.0.1");
        provided.put("spring.data.redis.port", redis.port());
    }

    private static void provideKeys(ConfigurableApplicationContext context, Map<String, Object> provided) {
        try {
            Path folder = Files.createTempDirectory("latchkey-demo-keys");
            atEnd(context, () -> remove(folder));
            KeyDirectory.create(folder, IdentityAlgorithm.RS256, Clock.systemUTC());
            provided.put("latchkey.keys.directory", folder.toString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void remove(Path folder) {
        try {
            FileSystemUtils.deleteRecursively(folder);
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
