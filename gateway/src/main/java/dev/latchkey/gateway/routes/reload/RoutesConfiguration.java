package dev.latchkey.gateway.routes.reload;

import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.device.DeviceBindingProperties;
import dev.latchkey.gateway.pipeline.matching.ReservedPaths;
import dev.latchkey.gateway.pipeline.matching.StickyKey;
import dev.latchkey.gateway.reload.Poller;
import dev.latchkey.gateway.reload.ReloadStatus;
import dev.latchkey.gateway.reload.ReloadableFile;
import dev.latchkey.gateway.routes.check.ValidationContext;
import dev.latchkey.gateway.routes.check.ValidationContext.KnownRoles;
import dev.latchkey.gateway.routes.dns.BackendNames;
import dev.latchkey.gateway.routes.health.HealthChecks;
import dev.latchkey.gateway.routes.source.RoutesSource;
import dev.latchkey.gateway.routes.table.LiveRoutes;
import dev.latchkey.gateway.routes.table.RouteCustomizer;
import dev.latchkey.gateway.routes.table.RouteFactory;
import dev.latchkey.gateway.routes.table.RouteTable;
import dev.latchkey.gateway.startup.PropertyGroup;
import dev.latchkey.gateway.telemetry.RequestMeters;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.Issuer.Discovery;
import dev.latchkey.gateway.token.dpop.DpopProperties;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;

/** Reads the routes at the start, replaces the framework's own by them, and follows their files. */
@Configuration(proxyBeanMethods = false)
class RoutesConfiguration {

    @Bean
    RouteFactory routeFactory(RouteCustomizer customizer) {
        return new RouteFactory(customizer);
    }

    @Bean
    ReloadStatus routesReloadStatus(MeterRegistry meters) {
        return new ReloadStatus("routes", Clock.systemUTC(), meters);
    }

    @Bean
    ReservedPaths reservedPaths(EndpointPaths paths, Issuer issuer) {
        return new ReservedPaths(paths, Discovery.of(issuer));
    }

    @Bean
    ValidationContext validationContext(
            RoutesProperties properties,
            ObjectProvider<KnownRoles> roles,
            Environment environment,
            SslBundles bundles,
            DeviceBindingProperties devices,
            DpopProperties dpop,
            EndpointPaths paths) {
        return new ValidationContext(
                properties.upstreams(),
                roles.getIfAvailable(() -> Optional::empty),
                Optional.of(PropertyGroup.of(environment, "latchkey.providers").keySet()),
                Optional.of(bundles.getBundleNames()),
                Optional.of(devices.isOffered()),
                Optional.of(dpop.enabled()),
                paths);
    }

    @Bean
    ReloadableRoutes reloadableRoutes(
            RoutesProperties properties,
            RouteFactory factory,
            ValidationContext context,
            AuditLog audit,
            BackendNames names) {
        return new ReloadableRoutes(
                new RoutesSource(properties.file()),
                factory,
                properties.copy(),
                context,
                Clock.systemUTC(),
                audit,
                names::prepare);
    }

    @Bean
    ReloadableFile<RouteTable> routesFile(
            ReloadableRoutes routes, @Qualifier("routesReloadStatus") ReloadStatus status) {
        return new ReloadableFile<>(routes, status);
    }

    /** A bean of this name replaces the framework's locator, which would add its route definitions to ours. */
    @Bean
    @Primary
    LiveRoutes cachedCompositeRouteLocator(
            ReloadableFile<RouteTable> routes, StickyKey stickyKey, ReservedPaths reservedPaths) {
        return new LiveRoutes(routes::current, stickyKey, reservedPaths);
    }

    @Bean
    RoutesStatus routesStatus(
            LiveRoutes live,
            ReloadableRoutes routes,
            @Qualifier("routesReloadStatus") ReloadStatus status,
            ValidationContext context) {
        return new RoutesStatus(live, routes, status, context);
    }

    @Bean
    Poller routesPoller(
            ReloadableFile<RouteTable> routes,
            RoutesProperties properties,
            BackendNames names,
            HealthChecks checks,
            RequestMeters meters) {
        return new Poller("routes", properties.pollInterval(), () -> {
            routes.poll();
            names.follow(routes.current());
            checks.follow();
            meters.keep(routes.current()::has);
        });
    }
}
