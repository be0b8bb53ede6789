package dev.latchkey.gateway.admin;

import dev.latchkey.gateway.audit.RepeatedEvents;
import dev.latchkey.gateway.reload.Poller;
import dev.latchkey.gateway.reload.ReloadStatus;
import dev.latchkey.gateway.reload.ReloadableFile;
import dev.latchkey.gateway.startup.StartupException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Who may use the endpoints for operators. The start fails where they would be reached by the gateway's clients. */
@Configuration(proxyBeanMethods = false)
@Conditional(AdminSetting.Present.class)
class AdminConfiguration {

    @Bean
    AdminAuthentication adminAuthentication(
            Environment environment,
            AdminProperties properties,
            ObjectProvider<ReloadableFile<ActorTokens>> tokens,
            RepeatedEvents audit,
            InstantSource clock) {
        AdminSetting.fault(environment).ifPresent(sentence -> {
            throw new StartupException(sentence);
        });
        ReloadableFile<ActorTokens> file = tokens.getIfAvailable();
        return new AdminAuthentication(
                () -> Optional.ofNullable(file).map(ReloadableFile::current),
                ClientCertificates.of(properties.clientCertificates()),
                new RefusalCounter(audit, clock));
    }

    /** The tokens of a file, which is followed while the gateway runs. */
    @Configuration(proxyBeanMethods = false)
    @Conditional(AdminSetting.HasFile.class)
    static class OfFile {

        @Bean
        ReloadStatus adminReloadStatus(MeterRegistry meters) {
            return new ReloadStatus("admin.tokens", Clock.systemUTC(), meters);
        }

        @Bean
        ReloadableFile<ActorTokens> actorTokens(
                AdminProperties properties, @Qualifier("adminReloadStatus") ReloadStatus status) {
            return new ReloadableFile<>(new TokensFile(Objects.requireNonNull(properties.tokensFile())), status);
        }

        @Bean
        Poller adminPoller(ReloadableFile<ActorTokens> tokens, AdminProperties properties) {
            return new Poller("admin-tokens", properties.pollInterval(), tokens::poll);
        }
    }
}
