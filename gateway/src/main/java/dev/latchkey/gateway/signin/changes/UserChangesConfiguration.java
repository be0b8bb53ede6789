package dev.latchkey.gateway.signin.changes;

import dev.latchkey.gateway.denylist.users.UserRecords;
import dev.latchkey.gateway.reload.Poller;
import dev.latchkey.gateway.user.ConditionalOnUserSource;
import dev.latchkey.gateway.user.ListedUserDirectory;
import dev.latchkey.gateway.user.UserSource;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Applies changes of users from the start on. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnUserSource(UserSource.FILE)
class UserChangesConfiguration {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    @Bean
    UserChanges userChanges(ListedUserDirectory users, UserRecords records, UserConclusions conclusions) {
        return new UserChanges(users, records, conclusions, System::nanoTime);
    }

    @Bean
    Poller userChangesPoller(UserChanges changes) {
        return new Poller("user-changes", INTERVAL, changes::look);
    }
}
