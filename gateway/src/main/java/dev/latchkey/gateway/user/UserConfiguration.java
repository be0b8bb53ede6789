package dev.latchkey.gateway.user;

import dev.latchkey.gateway.reload.Poller;
import dev.latchkey.gateway.reload.ReloadStatus;
import dev.latchkey.gateway.token.CookieNames;
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
    UsersFileWatch usersFileWatch(
            UsersProperties properties,
            Issuer issuer,
            CookieNames names,
            @Qualifier("usersReloadStatus") ReloadStatus status) {
        UsersFile file = new UsersFile(properties.file());
        return new UsersFileWatch(file, new UsersReader(file, new CookieBudget(issuer, names)::fits), status);
    }

    @Bean
    Poller usersFilePoller(UsersFileWatch watch, UsersProperties properties) {
        return new Poller("users", properties.pollInterval(), watch::poll);
    }

    @Bean
    PasswordChecks passwordChecks() {
        return new PasswordChecks(PasswordEncoders.making(PasswordEncoders.BCRYPT));
    }

    @Bean
    UserDirectory userDirectory(UsersFileWatch watch, PasswordChecks checks) {
        return new FileUserDirectory(watch, checks);
    }
}
