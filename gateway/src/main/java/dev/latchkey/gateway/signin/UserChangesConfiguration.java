package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.polling.Poller;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Has changes of users applied from the start on. */
@Configuration(proxyBeanMethods = false)
class UserChangesConfiguration {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    @Bean
    Poller userChangesPoller(UserChanges changes) {
        return new Poller("user-changes", INTERVAL, changes::look);
    }
}
