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
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundles;
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
    Providers providers(ProviderProperties properties, Transport transport, SslBundles bundles, MeterRegistry meters) {
        properties.faults().stream().findFirst().ifPresent(fault -> {
            throw new StartupException(fault);
        });
        List<Provider> all = properties.providers().entrySet().stream()
                .map(entry -> provider(entry, transport, bundles))
                .toList();
        all.forEach(provider -> Gauge.builder("latchkey.providers.ready", provider, each -> each.isReady() ? 1 : 0)
                .description("Whether users can sign in with this provider")
                .tag("provider", provider.name().value())
                .register(meters));
        return new Providers(all);
    }

    private static Provider provider(
            Map.Entry<String, ProviderSettings> entry, Transport transport, SslBundles bundles) {
        String property = "latchkey.providers." + entry.getKey();
        ProviderSettings settings = entry.getValue();
        if (!settings.survivesCrash()) {
            LOGGER.warn(
                    "{}: a refresh whose node died is made again up to {} s after it began (lease, orphan-wait, 7 s),"
                            + " which is longer than reuse-grace: a crash costs its user a sign-in",
                    property,
                    settings.repeatedWithin().toSeconds());
        }
        Provider provider = new Provider(new ProviderName(entry.getKey()), settings, transport, System::nanoTime);
        secure(provider, property, transport, bundles);
        return provider;
    }

    /** What a bundle holds is read again when its files change. */
    private static void secure(Provider provider, String property, Transport transport, SslBundles bundles) {
        String name = provider.settings().sslBundle();
        if (name == null) {
            return;
        }
        try {
            provider.ask(transport.secured(bundles.getBundle(name)));
            bundles.addBundleUpdateHandler(name, changed -> provider.ask(transport.secured(changed)));
        } catch (NoSuchSslBundleException missing) {
            throw new StartupException(
                    property + ".ssl-bundle names '" + name + "', which spring.ssl.bundle does not define",
                    "Define it under spring.ssl.bundle.pem or spring.ssl.bundle.jks");
        } catch (IllegalArgumentException unusable) {
            throw new StartupException(property + ".ssl-bundle: " + unusable.getMessage());
        }
    }

    @Bean
    ProviderKeys providerKeys() {
        return new ProviderKeys(System::nanoTime);
    }

    @Bean
    Discovery providersDiscovery(
            Providers providers, ProviderKeys keys, @Qualifier("providersScheduler") Scheduler scheduler) {
        return new Discovery(providers, keys, scheduler);
    }

    @Bean
    SignedClaims signedClaims(
            ProviderKeys keys, InstantSource clock, @Qualifier("providersScheduler") Scheduler scheduler) {
        return new SignedClaims(keys, clock, scheduler);
    }

    @Bean
    IdTokens idTokens(SignedClaims tokens, @Qualifier("providersScheduler") Scheduler scheduler, MeterRegistry meters) {
        return new IdTokens(tokens, new UserInfo(scheduler, meters));
    }

    @Bean
    TokenCalls tokenCalls(@Qualifier("providersScheduler") Scheduler scheduler, MeterRegistry meters) {
        return new TokenCalls(scheduler, meters);
    }

    @Bean
    AuthorizationRequests authorizationRequests(@Qualifier("providersScheduler") Scheduler scheduler) {
        return new AuthorizationRequests(scheduler);
    }

    @Bean
    Revocations revocations(@Qualifier("providersScheduler") Scheduler scheduler) {
        return new Revocations(scheduler);
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
