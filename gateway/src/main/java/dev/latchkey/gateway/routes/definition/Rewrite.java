package dev.latchkey.gateway.routes.definition;

import dev.latchkey.gateway.pipeline.forwarding.HeaderChanges;
import java.util.Optional;

/**
 * How the request to the backend and its response are changed.
 *
 * @param path of the request
 * @param request headers of the request
 * @param response headers of the response
 */
public record Rewrite(PathRewrite path, HeaderChanges request, HeaderChanges response) {

    public static final Rewrite NONE =
            new Rewrite(new PathRewrite(0, "", Optional.empty()), HeaderChanges.NONE, HeaderChanges.NONE);

    public boolean changesHeaders() {
        return !request.isEmpty() || !response.isEmpty();
    }
}
