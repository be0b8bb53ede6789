package dev.latchkey.gateway.admin.console;

import org.springframework.boot.actuate.autoconfigure.web.server.ConditionalOnManagementPort;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Named in a file of the framework's, so that no scan finds it for the gateway's own port, too. */
final class ConsoleOnManagementPort {

    @Bean
    @ConditionalOnBean(Console.class)
    @ConditionalOnManagementPort(ManagementPortType.DIFFERENT)
    RouterFunction<ServerResponse> consoleRoutes(Console console) {
        return console.routes();
    }
}
