package dev.latchkey.gateway.pipeline;

import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;

/** All order numbers of the pipeline's filters, in one place. */
final class FilterOrder {

    /** Before anything is read from or written to the backend, and before route filters (1 and up) rewrite the path. */
    static final int FRONT_DOOR = NettyWriteResponseFilter.WRITE_RESPONSE_FILTER_ORDER - 100;

    private FilterOrder() {}
}
