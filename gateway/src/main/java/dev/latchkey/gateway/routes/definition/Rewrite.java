package dev.latchkey.gateway.routes.definition;

import java.util.Optional;

/**
 * How a request is changed on its way to the backend, and its answer on the way back.
 *
 * @param path of the request
 * @param request headers of the request
 * @param response headers of the backend's answer
 */
public record Rewrite(PathRewrite path, HeaderChanges request, HeaderChanges response) {

    /** The key under which a route's metadata hold its rewrite. */
    public static final String METADATA_KEY = "latchkey.rewrite";

    public static final Rewrite NONE =
            new Rewrite(new PathRewrite(0, "", Optional.empty()), HeaderChanges.NONE, HeaderChanges.NONE);

    public boolean changesHeaders() {
        return !request.isEmpty() || !response.isEmpty();
    }
}
