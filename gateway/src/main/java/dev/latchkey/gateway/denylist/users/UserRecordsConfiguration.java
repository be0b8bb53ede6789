package dev.latchkey.gateway.denylist.users;

import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.redis.RedisClient;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What all nodes agree on about users. */
@Configuration(proxyBeanMethods = false)
class UserRecordsConfiguration {

    @Bean
    UserRecords userRecords(RedisClient redis, TimedScripts scripts) {
        return new UserRecords(redis, scripts);
    }
}
