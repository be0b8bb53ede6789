package dev.latchkey.gateway.pipeline.order;

import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;
import org.springframework.cloud.gateway.filter.RouteToRequestUrlFilter;
import org.springframework.core.Ordered;

/** All order numbers of the pipeline's filters, in one place. */
public final class FilterOrder {

    /** A web filter, before everything: it looks at the time and at nothing else. */
    public static final int ARRIVAL = Ordered.HIGHEST_PRECEDENCE;

    /** A web filter, before any that may answer with a page of our own. */
    public static final int LINK_PREFIX = ARRIVAL + 1;

    /** A web filter, before all that look at the path: nothing may where it can be read in two ways. */
    public static final int RAW_PATH = LINK_PREFIX + 1;

    /** A web filter, before routes are looked up: a preflight of an allowed origin needs none. */
    public static final int CORS = Ordered.HIGHEST_PRECEDENCE + 100;

    /** Before anything is read from or written to the backend, and before route filters (1 and up) rewrite the path. */
    public static final int AUTHORIZATION = NettyWriteResponseFilter.WRITE_RESPONSE_FILTER_ORDER - 100;

    /** Around whatever writes the backend's answer to the client. */
    public static final int BROKEN_ANSWER = NettyWriteResponseFilter.WRITE_RESPONSE_FILTER_ORDER - 1;

    /** Right after the framework's own idea of the backend's address, which it replaces. */
    public static final int BACKEND_ADDRESS = RouteToRequestUrlFilter.ROUTE_TO_URL_FILTER_ORDER + 1;

    /** Close to where the request leaves, behind whatever is done to it. */
    public static final int BACKEND_TIME = Ordered.LOWEST_PRECEDENCE - 2;

    private FilterOrder() {}
}
