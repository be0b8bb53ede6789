package dev.latchkey.gateway.management;

import dev.latchkey.gateway.reload.ReloadStatus;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The health of the users file and of the keys folder, under the names {@code users} and {@code keys}. */
@Configuration(proxyBeanMethods = false)
class ReloadHealthConfiguration {

    @Bean
    ReloadHealth usersHealthIndicator(@Qualifier("usersReloadStatus") ReloadStatus status) {
        return new ReloadHealth(status);
    }

    @Bean
    ReloadHealth keysHealthIndicator(@Qualifier("keysReloadStatus") ReloadStatus status) {
        return new ReloadHealth(status);
    }
}
