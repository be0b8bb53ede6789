package dev.latchkey.gateway.pipeline.cookies;

import dev.latchkey.gateway.token.CookieNames;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Provides the cookie names. */
@Configuration(proxyBeanMethods = false)
class CookiesConfiguration {

    @Bean
    CookieNames cookieNames(CookieProperties properties) {
        return new CookieNames(properties.prefix());
    }
}
