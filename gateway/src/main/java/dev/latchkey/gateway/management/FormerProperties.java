package dev.latchkey.gateway.management;

import dev.latchkey.gateway.startup.StartupException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * Properties that nothing reads any more. A start with one of them fails, because the person who set it believes that
 * it holds.
 */
final class FormerProperties {

    private static final ConfigurationPropertyName CLIENT =
            ConfigurationPropertyName.of("spring.cloud.gateway.server.webflux.httpclient");

    private static final String BUNDLE =
            "latchkey.backends.ssl-bundle, with certificates and key in a bundle of spring.ssl.bundle";

    private static final String HEAD_SIZE = "latchkey.backends.max-head-size";

    private static final Map<ConfigurationPropertyName, String> RENAMED = Map.of(
            ConfigurationPropertyName.of("latchkey.denylist.when-unreadable"), "latchkey.denylist.on-redis-outage",
            CLIENT.append("connect-timeout"), "latchkey.backends.connect-timeout",
            CLIENT.append("response-timeout"), "latchkey.backends.response-timeout",
            CLIENT.append("max-header-size"), HEAD_SIZE,
            CLIENT.append("max-initial-line-length"), HEAD_SIZE,
            CLIENT.append("pool.max-connections"), "latchkey.backends.max-connections",
            CLIENT.append("pool.max-idle-time"), "latchkey.backends.idle-timeout",
            CLIENT.append("ssl"), BUNDLE);

    private FormerProperties() {}

    /** A sentence for each that is set, without its value. */
    static List<String> faults(Environment environment) {
        return StreamSupport.stream(
                        ConfigurationPropertySources.get(environment).spliterator(), false)
                .flatMap(source ->
                        source instanceof IterableConfigurationPropertySource all ? all.stream() : Stream.of())
                .flatMap(name -> sentence(name).stream())
                .distinct()
                .toList();
    }

    /** @throws StartupException if one is set */
    static void refuse(Environment environment) {
        List<String> faults = faults(environment);
        if (!faults.isEmpty()) {
            throw new StartupException(faults.get(0));
        }
    }

    /** What is to be set instead, if this is one. */
    static Optional<String> sentence(ConfigurationPropertyName name) {
        for (Map.Entry<ConfigurationPropertyName, String> former : RENAMED.entrySet()) {
            if (former.getKey().equals(name) || former.getKey().isAncestorOf(name)) {
                return Optional.of(name + " is called " + former.getValue() + " now");
            }
        }
        return CLIENT.isAncestorOf(name)
                ? Optional.of(name + " is not read any more, because the gateway calls backends itself: remove it, and"
                        + " see latchkey.backends")
                : Optional.empty();
    }
}
