package dev.latchkey.gateway.pipeline.backend;

import dev.latchkey.gateway.forwarder.Forwarder;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.stream.Stream;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes what speaks to backends. */
@Configuration(proxyBeanMethods = false)
class BackendsConfiguration {

    /** It is closed after the server, which ends before any bean. */
    @Bean
    Forwarder forwarder(BackendsProperties properties, MeterRegistry registry) {
        Forwarder forwarder =
                new Forwarder(properties.settings(), properties.dns().nameServers());
        Gauge.builder("latchkey.backends.connections", forwarder, Forwarder::connections)
                .description("Connections to backends that are open or being made")
                .register(registry);
        Gauge.builder("latchkey.backends.exchanges", forwarder, Forwarder::exchanges)
                .description("Requests that are at backends, or wait for a connection to one")
                .register(registry);
        return forwarder;
    }

    /** The framework has clients of its own, which nothing uses. */
    @Bean
    static BeanDefinitionRegistryPostProcessor noOtherClients() {
        return registry -> Stream.of("gatewayHttpClientFactory", "reactorNettyWebSocketClient")
                .filter(registry::containsBeanDefinition)
                .forEach(registry::removeBeanDefinition);
    }
}
