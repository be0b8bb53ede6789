package dev.latchkey.gateway.routes;

import java.util.List;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** Reads the routes at start and puts them in the place of the framework's own. */
@Configuration(proxyBeanMethods = false)
class RoutesConfiguration {

    @Bean
    RouteTable routeTable(RoutesProperties properties) {
        return new RoutesSource(properties).read().fold(RouteTable::new, RoutesConfiguration::stop);
    }

    /** The name makes the framework's locator, which would join its route definitions to ours, step back. */
    @Bean
    @Primary
    RouteLocator cachedCompositeRouteLocator(RouteTable table) {
        return new FileRouteLocator(table);
    }

    /** A start is the one place where a bad file is an exception: there is no older one to keep. */
    private static RouteTable stop(List<String> reasons) {
        throw new RoutesFileException(reasons);
    }
}
