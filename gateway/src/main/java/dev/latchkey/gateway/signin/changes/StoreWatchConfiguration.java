package dev.latchkey.gateway.signin.changes;

import dev.latchkey.gateway.denylist.users.UserRecords;
import dev.latchkey.gateway.reload.Poller;
import dev.latchkey.gateway.user.ConditionalOnUserSource;
import dev.latchkey.gateway.user.UserSource;
import dev.latchkey.gateway.user.UsersProperties;
import dev.latchkey.gateway.user.store.StoreLookups;
import dev.latchkey.gateway.user.store.StoreState;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Looks for changes of users in a store from the start on. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnUserSource({UserSource.POSTGRESQL, UserSource.MONGODB, UserSource.LDAP})
class StoreWatchConfiguration {

    @Bean(initMethod = "begin")
    StoreWatch storeWatch(
            StoreLookups lookups,
            StoreState state,
            UserRecords records,
            UserConclusions conclusions,
            UsersProperties properties) {
        return new StoreWatch(lookups, state, records, conclusions, properties);
    }

    @Bean
    Poller storeWatchPoller(StoreWatch watch, UsersProperties properties) {
        return new Poller("user-changes", properties.pollInterval(), watch::look, watch::release);
    }
}
