package dev.latchkey.gateway.pipeline.order;

import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;
import org.springframework.cloud.gateway.filter.RouteToRequestUrlFilter;
import org.springframework.core.Ordered;

/** All order numbers of the pipeline's filters, in one place. */
public final class FilterOrder {

    /** A web filter, before everything else: those behind it find the record. */
    public static final int RECORD = Ordered.HIGHEST_PRECEDENCE;

    /** A web filter, before any that may answer with a page of the gateway. */
    public static final int LINK_PREFIX = RECORD + 1;

    /** A web filter, before all that look at the path. */
    public static final int RAW_PATH = LINK_PREFIX + 1;

    /** A web filter, before all that may refuse a proof. */
    public static final int DPOP_NONCE = RAW_PATH + 1;

    /** A web filter, before routes are looked up: a preflight of an allowed origin needs none. */
    public static final int CORS = Ordered.HIGHEST_PRECEDENCE + 100;

    /** Before anything is read from or written to the backend, and before route filters (1 and up) rewrite the path. */
    public static final int AUTHORIZATION = NettyWriteResponseFilter.WRITE_RESPONSE_FILTER_ORDER - 100;

    /** Behind authorization, and before all that asks or judges a backend. */
    public static final int LANE_FAILURE = AUTHORIZATION + 1;

    /** Behind a route's limits and its own answer, and before all that counts as a call of a backend. */
    public static final int MAX_FORWARDS = NettyWriteResponseFilter.WRITE_RESPONSE_FILTER_ORDER - 1;

    /** Writes what the filters after it have got, and have let the earlier ones see. */
    public static final int ANSWER = NettyWriteResponseFilter.WRITE_RESPONSE_FILTER_ORDER;

    /** After the route's filters, which change the target. */
    public static final int BACKEND_ADDRESS = RouteToRequestUrlFilter.ROUTE_TO_URL_FILTER_ORDER + 1;

    /** Close to where the request leaves, after all changes to it. */
    public static final int BACKEND_TIME = Ordered.LOWEST_PRECEDENCE - 2;

    /** The last one that a request comes to. */
    public static final int FORWARDING = Ordered.LOWEST_PRECEDENCE - 1;

    private FilterOrder() {}
}
