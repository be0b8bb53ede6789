package dev.latchkey.gateway.routes.table;

import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;
import org.springframework.cloud.gateway.filter.RouteToRequestUrlFilter;

/** All order numbers of the filters that belong to a route, in one place, in the order of a request's way. */
final class RouteOrder {

    private static final int BEFORE_ADMISSION = NettyWriteResponseFilter.WRITE_RESPONSE_FILTER_ORDER - 300;
    private static final int AFTER_ADMISSION = NettyWriteResponseFilter.WRITE_RESPONSE_FILTER_ORDER - 50;
    private static final int BEFORE_THE_BACKEND = RouteToRequestUrlFilter.ROUTE_TO_URL_FILTER_ORDER - 1000;

    /** Before admission, so that a refusal too can be read by whom the route lets read. */
    static final int CORS = BEFORE_ADMISSION;

    /** Before admission: refusals are pages too. */
    static final int SECURITY_HEADERS = BEFORE_ADMISSION + 1;

    /** After admission, which says whose requests are counted; a refused one is not. */
    static final int RATE = AFTER_ADMISSION;

    /** After the count: a body that is too large was a request. */
    static final int BODY = AFTER_ADMISSION + 1;

    /** After the answer's way back begins, and before anything looks at the path that is sent. */
    static final int REWRITE = 1;

    /** After everything that may end a request here, around all attempts: what it lets through is a call. */
    static final int CIRCUIT = BEFORE_THE_BACKEND;

    /** Around what makes the backend's address, so that each attempt has one of its own. */
    static final int CALLS = BEFORE_THE_BACKEND + 1;

    private RouteOrder() {}
}
