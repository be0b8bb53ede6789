package dev.latchkey.gateway.management;

import dev.latchkey.gateway.routes.reload.RoutesReport;
import dev.latchkey.gateway.routes.reload.RoutesStatus;
import dev.latchkey.gateway.routes.reload.RoutesStatus.DiskReport;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.stereotype.Component;

/** {@code /actuator/routes}: the active routes. It only reads: routes are changed only in their files. */
@Component
@Endpoint(id = "routes")
final class RoutesEndpoint {

    private final RoutesStatus status;

    RoutesEndpoint(RoutesStatus status) {
        this.status = status;
    }

    @ReadOperation
    RoutesReport routes() {
        return status.report();
    }

    /** {@code /actuator/routes/diff}: what the files would change; the framework calls it off its event loops. */
    @ReadOperation
    @Nullable
    WebEndpointResponse<DiskReport> part(@Selector String part) {
        return part.equals("diff")
                ? status.compareWithDisk()
                        .map(WebEndpointResponse::new)
                        .orElseGet(() -> new WebEndpointResponse<>(WebEndpointResponse.STATUS_TOO_MANY_REQUESTS))
                : null;
    }
}
