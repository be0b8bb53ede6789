package dev.latchkey.gateway.routes.reload;

import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.reload.Poller;
import dev.latchkey.gateway.reload.ReloadMeters;
import dev.latchkey.gateway.routes.check.KnownRoles;
import dev.latchkey.gateway.routes.check.ValidationContext;
import dev.latchkey.gateway.routes.source.RoutesSource;
import dev.latchkey.gateway.routes.table.LiveRoutes;
import dev.latchkey.gateway.routes.table.RouteCustomizer;
import dev.latchkey.gateway.routes.table.RouteFactory;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** Reads the routes at start, puts them in the place of the framework's own, and follows their files. */
@Configuration(proxyBeanMethods = false)
class RoutesConfiguration {

    @Bean
    RouteFactory routeFactory(RouteCustomizer equipment) {
        return new RouteFactory(equipment);
    }

    @Bean
    ReloadJournal reloadJournal(MeterRegistry meters, AuditLog audit) {
        return new ReloadJournal(Clock.systemUTC(), new ReloadMeters("routes", meters), audit);
    }

    @Bean
    ValidationContext validationContext(RoutesProperties properties, ObjectProvider<KnownRoles> roles) {
        return new ValidationContext(properties.upstreams(), roles.getIfAvailable(() -> Optional::empty));
    }

    @Bean
    RoutesWatch routesWatch(
            RoutesProperties properties, RouteFactory maker, ValidationContext surroundings, ReloadJournal journal) {
        return new RoutesWatch(new RoutesSource(properties.file()), maker, properties.copy(), surroundings, journal);
    }

    /** The name makes the framework's locator, which would join its route definitions to ours, step back. */
    @Bean
    @Primary
    LiveRoutes cachedCompositeRouteLocator(RoutesWatch watch) {
        return watch.live();
    }

    @Bean
    RoutesStatus routesStatus(
            LiveRoutes live, ReloadJournal journal, RoutesProperties properties, ValidationContext surroundings) {
        return new RoutesStatus(live, journal, new RoutesSource(properties.file()), surroundings);
    }

    @Bean
    Poller routesPoller(RoutesWatch watch, RoutesProperties properties) {
        return new Poller("routes", properties.pollInterval(), watch::poll);
    }
}
