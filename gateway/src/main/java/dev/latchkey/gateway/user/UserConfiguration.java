package dev.latchkey.gateway.user;

import dev.latchkey.gateway.reload.Poller;
import dev.latchkey.gateway.reload.ReloadStatus;
import dev.latchkey.gateway.reload.ReloadableFile;
import dev.latchkey.gateway.token.CookieProperties;
import dev.latchkey.gateway.token.Issuer;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Reads the users file at the start, which fails without one, and hands out who may sign in. */
@Configuration(proxyBeanMethods = false)
class UserConfiguration {

    @Bean
    ReloadStatus usersReloadStatus(MeterRegistry meters) {
        return new ReloadStatus("users", Clock.systemUTC(), meters);
    }

    @Bean
    UsersFile usersFile(UsersProperties properties, Issuer issuer, CookieProperties cookies) {
        return new UsersFile(properties.file(), new CookieBudget(issuer, cookies.names())::fits);
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
    PasswordChecks passwordChecks() {
        return new PasswordChecks(PasswordHash.encoder("bcrypt"));
    }

    @Bean
    UserDirectory userDirectory(
            ReloadableFile<UserTable> users,
            UsersFile file,
            @Qualifier("usersReloadStatus") ReloadStatus status,
            PasswordChecks checks) {
        return new FileUserDirectory(users, file, status, checks);
    }
}
