package dev.latchkey.gateway.user.store;

import dev.latchkey.gateway.user.ConditionalOnUserSource;
import dev.latchkey.gateway.user.PasswordChecks;
import dev.latchkey.gateway.user.UserSource;
import dev.latchkey.gateway.user.UsersProperties;
import dev.latchkey.gateway.user.rules.PasswordProperties;
import dev.latchkey.gateway.user.rules.PasswordRules;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** How a store is asked, whichever it is. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnUserSource({UserSource.POSTGRESQL, UserSource.MONGODB, UserSource.LDAP})
class StoreConfiguration {

    @Bean
    StoreState storeState(UserStore store) {
        return new StoreState(store.name());
    }

    @Bean
    StoreLookups storeLookups(
            UserStore store,
            UsersProperties properties,
            InstantSource clock,
            StoreState state,
            HashChecks hashes,
            MeterRegistry meters) {
        return new StoreLookups(store, properties, clock, state, hashes, meters);
    }

    @Bean
    HashChecks hashChecks(PasswordChecks checks) {
        return new HashChecks(checks);
    }

    @Bean
    StorePasswords storePasswords(
            UserStore store, StoreLookups lookups, PasswordChecks checks, UsersProperties properties) {
        return new StorePasswords(store, lookups, checks, properties);
    }

    @Bean
    PasswordRules passwordRules(PasswordProperties properties) {
        return new PasswordRules(properties);
    }

    @Bean
    StoreSignIns storeSignIns(
            UserStore store,
            StoreLookups lookups,
            HashChecks hashes,
            PasswordChecks checks,
            UsersProperties properties) {
        return new StoreSignIns(store, lookups, hashes, checks, properties);
    }
}
