package dev.latchkey.gateway.management;

import dev.latchkey.gateway.admin.AdminSetting;
import dev.latchkey.gateway.denylist.LocalDenylistReport;
import dev.latchkey.gateway.reload.ReloadStatus;
import dev.latchkey.gateway.reload.ReloadStatus.Report;
import dev.latchkey.gateway.routes.check.ValidationContext.KnownRoles;
import dev.latchkey.gateway.routes.reload.RoutesReport;
import dev.latchkey.gateway.routes.reload.RoutesStatus;
import dev.latchkey.gateway.user.ConditionalOnUserSource;
import dev.latchkey.gateway.user.UserDirectory;
import dev.latchkey.gateway.user.UserSource;
import dev.latchkey.gateway.user.UsersSetting;
import dev.latchkey.gateway.user.store.StoreState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** The health of files and of this node's copy of the denylist, and the roles that routes may ask for. */
@Configuration(proxyBeanMethods = false)
class ManagementConfiguration {

    /** The node serves what it read before. It is not down, because a bad file reaches all nodes at once. */
    private static final Status DEGRADED = new Status("DEGRADED");

    /** Before any bean is made: what a misspelt property was to change is not made otherwise first. */
    @Bean
    static BeanFactoryPostProcessor unknownPropertiesCheck(Environment environment) {
        return beans -> UnknownProperties.refuse(environment, records(beans));
    }

    private static List<Class<?>> records(ConfigurableListableBeanFactory beans) {
        return Arrays.stream(beans.getBeanDefinitionNames())
                .filter(name -> name.startsWith("latchkey"))
                .<Class<?>>map(beans::getType)
                .filter(type -> type != null && type.isAnnotationPresent(ConfigurationProperties.class))
                .toList();
    }

    @Bean
    @ConditionalOnUserSource(UserSource.FILE)
    HealthIndicator usersHealthIndicator(@Qualifier("usersReloadStatus") ReloadStatus status) {
        return () -> health(status.report());
    }

    @Bean("usersHealthIndicator")
    @ConditionalOnUserSource({UserSource.POSTGRESQL, UserSource.MONGODB, UserSource.LDAP})
    HealthIndicator storeHealthIndicator(StoreState state) {
        return () -> {
            Health.Builder health = Health.status(state.trouble().isEmpty() ? Status.UP : DEGRADED)
                    .withDetail("store", state.store());
            state.trouble().ifPresent(why -> health.withDetail("errors", List.of(why)));
            return health.build();
        };
    }

    /** What {@code users} of the health says, for alerts: whatever the users come from. */
    @Bean
    MeterBinder usersMeter(@Qualifier("usersHealthIndicator") ObjectProvider<HealthIndicator> users) {
        return registry -> users.ifAvailable(health -> Gauge.builder(
                        "latchkey.users.healthy", health, ManagementConfiguration::isUp)
                .description("1, or 0 while the users file cannot be used, or the store of users does not answer"
                        + " or is not believed")
                .register(registry));
    }

    private static double isUp(HealthIndicator health) {
        Health now = health.health();
        return now != null && now.getStatus().equals(Status.UP) ? 1 : 0;
    }

    @Bean
    HealthIndicator keysHealthIndicator(@Qualifier("keysReloadStatus") ReloadStatus status) {
        return () -> health(status.report());
    }

    @Bean
    @Conditional(AdminSetting.HasFile.class)
    HealthIndicator operatorsHealthIndicator(@Qualifier("adminReloadStatus") ReloadStatus status) {
        return () -> health(status.report());
    }

    private static Health health(Report report) {
        Health.Builder health = Health.status(report.errors().isEmpty() ? Status.UP : DEGRADED)
                .withDetail("loadedAt", report.loadedAt())
                .withDetail("count", report.count());
        if (!report.errors().isEmpty()) {
            health.withDetail("errors", report.errors());
        }
        return health.build();
    }

    @Bean
    HealthIndicator routesHealthIndicator(RoutesStatus status) {
        return () -> health(status.summary());
    }

    private static Health health(RoutesReport report) {
        Health.Builder health = Health.status(report.isGood() ? Status.UP : DEGRADED)
                .withDetail("version", report.version())
                .withDetail("loadedAt", report.loadedAt())
                .withDetail("count", report.count())
                .withDetail("onCopy", report.onCopy());
        report.copyFault().ifPresent(fault -> health.withDetail("copyFault", fault));
        if (!report.lastAttempt().errors().isEmpty()) {
            health.withDetail("errors", report.lastAttempt().errors());
        }
        return health.build();
    }

    /** A stale copy is not a failure: requests read Redis then, whose own health says whether they can. */
    @Bean
    HealthIndicator denylistHealthIndicator(LocalDenylistReport local) {
        return () -> (local.isFresh() ? Health.up() : Health.unknown())
                .withDetail("fresh", local.isFresh())
                .withDetail("ageMillis", local.age().toMillis())
                .withDetail("sessions", local.sessions())
                .withDetail("users", local.users())
                .withDetail("ended", local.ended())
                .withDetail("restoredShards", local.restoredShards())
                .withDetail("unreadable", local.unreadable())
                .build();
    }

    /** Routes and users are packages that do not know each other. Users of providers may have any role. */
    @Bean
    KnownRoles knownRoles(UserDirectory users, Environment environment) {
        return UsersSetting.hasProviders(environment) ? Optional::empty : users::roles;
    }
}
