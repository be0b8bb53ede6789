package dev.latchkey.gateway.admin;

import org.springframework.boot.actuate.autoconfigure.web.server.ConditionalOnManagementPort;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * What the management port serves besides the framework's endpoints. It is named in a file of the framework's and not
 * annotated, because a scan would find it for the gateway's own port, too.
 */
final class AdminOnManagementPort {

    @Bean
    @ConditionalOnBean(AdminApi.class)
    @ConditionalOnManagementPort(ManagementPortType.DIFFERENT)
    RouterFunction<ServerResponse> adminApiRoutes(AdminApi api) {
        return api.routes();
    }
}
