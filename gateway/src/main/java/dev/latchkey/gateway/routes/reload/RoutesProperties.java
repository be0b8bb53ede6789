package dev.latchkey.gateway.routes.reload;

import dev.latchkey.gateway.reload.Poller;
import dev.latchkey.gateway.routes.check.AllowedUpstreams;
import dev.latchkey.gateway.routes.source.LastGoodRoutes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the routes are.
 *
 * @param file The routes file, or a folder of {@code *.yml} files: a path, or {@code classpath:} and a name
 * @param pollInterval How often the routes are read, and how long a change must be unchanged before it is applied, 100
 *     milliseconds to 1 minute
 * @param stateFolder Where a copy of the last good routes is kept, for a start while the files are bad
 * @param allowedUpstreams Allow-list of upstream hosts, such as {@code https://*.svc.example} or {@code orders:8081}.
 *     If unset, routes may point anywhere
 */
@ConfigurationProperties("latchkey.routes")
record RoutesProperties(
        @DefaultValue("") String file,
        @DefaultValue("1s") Duration pollInterval,
        @Nullable Path stateFolder,
        @DefaultValue List<String> allowedUpstreams) {

    RoutesProperties {
        if (file.isBlank()) {
            throw new IllegalArgumentException(
                    "latchkey.routes.file must be set: the file that says which path goes to which backend");
        }
        Poller.checkInterval("latchkey.routes.poll-interval", pollInterval);
        allowedUpstreams = List.copyOf(allowedUpstreams);
        AllowedUpstreams.of(allowedUpstreams);
    }

    AllowedUpstreams upstreams() {
        return AllowedUpstreams.of(allowedUpstreams);
    }

    Optional<LastGoodRoutes> copy() {
        return Optional.ofNullable(stateFolder)
                .filter(folder -> !folder.toString().isBlank())
                .map(folder -> new LastGoodRoutes(folder, file));
    }
}
