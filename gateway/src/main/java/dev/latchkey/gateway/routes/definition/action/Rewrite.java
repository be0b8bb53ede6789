package dev.latchkey.gateway.routes.definition.action;

import dev.latchkey.gateway.pipeline.forwarding.HeaderChanges;

/**
 * How the request to the backend and its response are changed.
 *
 * @param path of the request
 * @param addQuery what is added to the query of the request
 * @param host of the request
 * @param request headers of the request
 * @param response headers of the response
 */
public record Rewrite(
        PathRewrite path, QueryChanges addQuery, HostHeader host, HeaderChanges request, HeaderChanges response) {

    public static final Rewrite NONE = new Rewrite(
            PathRewrite.NONE, QueryChanges.NONE, HostHeader.BACKEND, HeaderChanges.NONE, HeaderChanges.NONE);

    /** Whether path, query or {@code Host} are changed. */
    public boolean changesTarget() {
        return !path.isEmpty() || !addQuery.isEmpty() || !host.equals(HostHeader.BACKEND);
    }

    public boolean changesHeaders() {
        return !request.isEmpty() || !response.isEmpty();
    }

    /** Whether it removes lines of this name, in any case, from responses. */
    public boolean removesFromResponse(String name) {
        return response.remove().stream().anyMatch(name::equalsIgnoreCase);
    }
}
