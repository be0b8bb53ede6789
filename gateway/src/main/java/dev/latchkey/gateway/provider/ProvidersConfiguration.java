package dev.latchkey.gateway.provider;

import dev.latchkey.gateway.provider.transport.Transport;
import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.token.ProviderName;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Makes the providers of the configuration, and reads their metadata from the start on. */
@Configuration(proxyBeanMethods = false)
class ProvidersConfiguration {

    private static final Logger LOGGER = LoggerFactory.getLogger(ProvidersConfiguration.class);
    private static final int THREADS = 4;
    private static final int MOST_WAITING = 10_000;
    private static final int IDLE_SECONDS = 60;

    /** A provider in trouble is none of this node's faults, and its users' sessions go on. */
    private static final Status DEGRADED = new Status("DEGRADED");

    /** Signs, verifies, parses and reads files, all of which is too slow for an event loop or blocks. */
    @Bean(destroyMethod = "dispose")
    Scheduler providersScheduler() {
        return Schedulers.newBoundedElastic(THREADS, MOST_WAITING, "latchkey-providers-work", IDLE_SECONDS, true);
    }

    @Bean
    Transport providersTransport(@Qualifier("providersScheduler") Scheduler scheduler) {
        return new Transport(scheduler);
    }

    @Bean
    Providers providers(ProviderProperties properties, MeterRegistry meters) {
        List<Provider> all = properties.providers().entrySet().stream()
                .map(ProvidersConfiguration::provider)
                .toList();
        all.forEach(provider -> Gauge.builder("latchkey.providers.ready", provider, each -> each.isReady() ? 1 : 0)
                .description("Whether users can sign in with this provider")
                .tag("provider", provider.name().value())
                .register(meters));
        return new Providers(all);
    }

    private static Provider provider(Map.Entry<String, ProviderSettings> entry) {
        String property = "latchkey.providers." + entry.getKey();
        if (!ProviderName.isWellFormed(entry.getKey())) {
            throw new StartupException("the name of " + property + " must have 1 to 30 lower-case letters, digits or"
                    + " '-', and begin with a letter");
        }
        ProviderSettings settings = entry.getValue();
        ClientCredentials.fault(settings).ifPresent(fault -> {
            throw new StartupException(property + ": " + fault);
        });
        if (!settings.survivesCrash()) {
            LOGGER.warn(
                    "{}: a refresh whose node died is made again up to {} s after it began (lease, orphan-wait, 7 s),"
                            + " which is longer than reuse-grace: a crash costs its user a sign-in",
                    property,
                    settings.repeatedWithin().toSeconds());
        }
        return new Provider(new ProviderName(entry.getKey()), settings, System::nanoTime);
    }

    @Bean
    ProviderKeys providerKeys(Transport transport) {
        return new ProviderKeys(transport, System::nanoTime);
    }

    @Bean
    Discovery providersDiscovery(
            Providers providers,
            Transport transport,
            ProviderKeys keys,
            @Qualifier("providersScheduler") Scheduler scheduler) {
        return new Discovery(providers, transport, keys, scheduler);
    }

    @Bean
    SignedClaims signedClaims(
            ProviderKeys keys, InstantSource clock, @Qualifier("providersScheduler") Scheduler scheduler) {
        return new SignedClaims(keys, clock, scheduler);
    }

    @Bean
    IdTokens idTokens(SignedClaims tokens) {
        return new IdTokens(tokens);
    }

    @Bean
    TokenCalls tokenCalls(
            Transport transport, @Qualifier("providersScheduler") Scheduler scheduler, MeterRegistry meters) {
        return new TokenCalls(transport, scheduler, meters);
    }

    @Bean
    AuthorizationRequests authorizationRequests(
            Transport transport, @Qualifier("providersScheduler") Scheduler scheduler) {
        return new AuthorizationRequests(transport, scheduler);
    }

    @Bean
    Revocations revocations(Transport transport, @Qualifier("providersScheduler") Scheduler scheduler) {
        return new Revocations(transport, scheduler);
    }

    @Bean
    LogoutTokens logoutTokens(SignedClaims tokens) {
        return new LogoutTokens(tokens);
    }

    /** It is not part of readiness: a gateway without a provider serves all who are signed in. */
    @Bean
    HealthIndicator providersHealthIndicator(Providers providers) {
        return () -> {
            boolean isWell = providers.all().stream()
                    .allMatch(provider -> provider.trouble().isEmpty());
            Health.Builder health = Health.status(isWell ? Status.UP : DEGRADED);
            providers
                    .all()
                    .forEach(provider -> health.withDetail(
                            provider.name().value(), provider.trouble().orElse("well")));
            return health.build();
        };
    }
}
