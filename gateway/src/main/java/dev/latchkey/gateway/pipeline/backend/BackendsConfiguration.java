package dev.latchkey.gateway.pipeline.backend;

import dev.latchkey.gateway.forwarder.Forwarder;
import java.util.stream.Stream;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes what speaks to backends. */
@Configuration(proxyBeanMethods = false)
class BackendsConfiguration {

    /** It is closed after the server, which ends before any bean. */
    @Bean
    Forwarder forwarder(BackendsProperties properties) {
        return new Forwarder(properties.settings());
    }

    /** The framework has clients of its own, which nothing uses. */
    @Bean
    static BeanDefinitionRegistryPostProcessor noOtherClients() {
        return registry -> Stream.of("gatewayHttpClientFactory", "reactorNettyWebSocketClient")
                .filter(registry::containsBeanDefinition)
                .forEach(registry::removeBeanDefinition);
    }
}
