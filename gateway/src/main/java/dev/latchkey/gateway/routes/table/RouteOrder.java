package dev.latchkey.gateway.routes.table;

import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;
import org.springframework.cloud.gateway.filter.RouteToRequestUrlFilter;

/** The order numbers of all filters of a route, in the order of a request. */
final class RouteOrder {

    private static final int BEFORE_AUTHORIZATION = NettyWriteResponseFilter.WRITE_RESPONSE_FILTER_ORDER - 300;
    private static final int AFTER_AUTHORIZATION = NettyWriteResponseFilter.WRITE_RESPONSE_FILTER_ORDER - 50;
    private static final int BEFORE_THE_BACKEND = RouteToRequestUrlFilter.ROUTE_TO_URL_FILTER_ORDER - 1000;

    /**
     * Before authorization, so that scripts of allowed origins can read a refusal too, and because refusals are pages.
     */
    static final int ANSWERS = BEFORE_AUTHORIZATION;

    /** After authorization, which decides whose requests are counted; a refused one is not. */
    static final int RATE = AFTER_AUTHORIZATION;

    /** After the rate limit: a request with too large a body counts. */
    static final int BODY = AFTER_AUTHORIZATION + 1;

    /** After the limits, which hold for it too. */
    static final int ANSWER = AFTER_AUTHORIZATION + 2;

    /** Before anything looks at the path that is sent. */
    static final int REWRITE = 1;

    /** After everything that may end a request here, and around all attempts. */
    static final int CIRCUIT = BEFORE_THE_BACKEND;

    /** Around the filter that makes the backend's address, so that each attempt has its own. */
    static final int CALLS = BEFORE_THE_BACKEND + 1;

    private RouteOrder() {}
}
