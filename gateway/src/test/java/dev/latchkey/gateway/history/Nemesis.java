package dev.latchkey.gateway.history;

/**
 * A fault, and the true times between which its traces may show; milliseconds.
 *
 * @param begins before anything was disturbed
 * @param ends when all had recovered
 */
record Nemesis(Kind kind, long begins, long ends) {

    boolean touches(Exchange exchange) {
        return exchange.travel().trueSent() <= ends && exchange.travel().trueAnswered() >= begins;
    }

    /** Which promise it takes back for a while. */
    enum Kind {
        /** Connections break and no answer comes. */
        NODE_DOWN,
        /** 503 with {@code Retry-After} is an answer. */
        REDIS_AWAY
    }
}
