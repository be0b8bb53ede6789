package dev.latchkey.gateway.routes;

import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** Reads the routes at start and puts them in the place of the framework's own. */
@Configuration(proxyBeanMethods = false)
class RoutesConfiguration {

    /** The name makes the framework's locator, which would join its route definitions to ours, step back. */
    @Bean
    @Primary
    LiveRoutes cachedCompositeRouteLocator(RoutesProperties properties) {
        RoutesFile file = new RoutesSource(properties.file())
                .look()
                .fold(RoutesReader::read, it -> new RoutesReading.Refused(List.of(it)))
                .fold(it -> it, RoutesConfiguration::stop);
        return new LiveRoutes(new RouteTable(file, new RouteMaker()));
    }

    /** A start is the one place where a bad file is an exception: there is no older one to keep. */
    private static RoutesFile stop(List<RouteFault> faults) {
        throw new RoutesFileException(faults);
    }
}
