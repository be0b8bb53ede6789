package dev.latchkey.gateway.forwarder;

/**
 * How long a request without a body may wait for a connection: its time for the head of the answer has begun by then.
 * In one with a body, that begins later ({@link ExchangeLimits#head}).
 */
final class HeadLimit {

    private HeadLimit() {}

    /**
     * As much of a limit as is left for that.
     *
     * @param limit nanoseconds; 0: none, as in what is returned
     * @param now by the loop's ticker
     */
    static long within(BackendExchange exchange, long limit, long now) {
        if (!isRunning(exchange)) {
            return limit;
        }
        long left = Math.max(1, left(exchange, now));
        return limit == 0 ? left : Math.min(limit, left);
    }

    static boolean isOver(BackendExchange exchange, long now) {
        return isRunning(exchange) && left(exchange, now) <= 0;
    }

    private static boolean isRunning(BackendExchange exchange) {
        return !exchange.hasBody() && !exchange.limits().head().isZero();
    }

    private static long left(BackendExchange exchange, long now) {
        return exchange.begun() + exchange.limits().head().toNanos() - now;
    }
}
