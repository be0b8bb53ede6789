package dev.latchkey.sample;

import java.time.Clock;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import tools.jackson.databind.json.JsonMapper;

/** The parts that no annotation brings in. */
@Configuration(proxyBeanMethods = false)
class SampleConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    HandlerMapping sockets(SampleProperties properties, JsonMapper json) {
        return new SimpleUrlHandlerMapping(
                Map.of("/{area}/socket", new EchoSocket(properties, json)), Ordered.HIGHEST_PRECEDENCE);
    }
}
