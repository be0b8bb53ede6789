package dev.latchkey.gateway.user;

import dev.latchkey.gateway.reload.Poller;
import dev.latchkey.gateway.reload.ReloadStatus;
import dev.latchkey.gateway.reload.ReloadableFile;
import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.cookie.CookieBudget;
import dev.latchkey.gateway.token.cookie.CookieProperties;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Objects;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/** Hands out who may sign in with a password: the users of a file, or nobody if there are OpenID Providers instead. */
@Configuration(proxyBeanMethods = false)
class UserConfiguration {

    /** Reads the users file at the start, which fails if it cannot be used. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnUserSource(UserSource.FILE)
    static class OfFile {

        @Bean
        ReloadStatus usersReloadStatus(MeterRegistry meters) {
            return new ReloadStatus("users", Clock.systemUTC(), meters);
        }

        @Bean
        UsersFile usersFile(UsersProperties properties, Issuer issuer, CookieProperties cookies) {
            return new UsersFile(
                    Objects.requireNonNull(properties.file()),
                    UsersFile.fitting(new CookieBudget(issuer, cookies.names())));
        }

        @Bean
        ReloadableFile<UserTable> userTable(UsersFile file, @Qualifier("usersReloadStatus") ReloadStatus status) {
            return new ReloadableFile<>(file, status);
        }

        @Bean
        Poller usersPoller(ReloadableFile<UserTable> users, UsersProperties properties) {
            return new Poller("users", properties.pollInterval(), users::poll);
        }

        @Bean
        ListedUserDirectory userDirectory(
                ReloadableFile<UserTable> users,
                UsersFile file,
                @Qualifier("usersReloadStatus") ReloadStatus status,
                PasswordChecks checks) {
            return new FileUserDirectory(users, file, status, checks);
        }
    }

    @Bean
    @Lazy
    PasswordChecks passwordChecks() {
        return new PasswordChecks(PasswordHash.encoder("bcrypt"));
    }

    /** Nobody signs in with a password. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnUserSource({})
    static class Without {

        @Bean
        UserDirectory userDirectory(Environment environment) {
            UsersSetting.fault(environment).ifPresent(sentence -> {
                throw new StartupException(sentence);
            });
            return new NoUserDirectory();
        }
    }
}
