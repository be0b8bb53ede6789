package dev.latchkey.gateway.pipeline.cookies;

import dev.latchkey.gateway.token.CookieNames;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the cookie names known to the steps that read and remove cookies. */
@Configuration(proxyBeanMethods = false)
class CookiesConfiguration {

    @Bean
    CookieNames cookieNames(CookieProperties properties) {
        return new CookieNames(properties.prefix());
    }
}
