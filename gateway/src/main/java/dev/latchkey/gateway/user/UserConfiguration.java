package dev.latchkey.gateway.user;

import dev.latchkey.gateway.polling.Poller;
import dev.latchkey.gateway.token.CookieNames;
import dev.latchkey.gateway.token.Issuer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Reads the users file at the start, which fails without one, and hands out who may sign in. */
@Configuration(proxyBeanMethods = false)
class UserConfiguration {

    @Bean
    UsersFileWatch usersFileWatch(UsersProperties properties, Issuer issuer, CookieNames names) {
        UsersFile file = new UsersFile(properties.file());
        return new UsersFileWatch(file, new UsersReader(file, new CookieBudget(issuer, names)::fits));
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
