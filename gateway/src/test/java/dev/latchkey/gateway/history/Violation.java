package dev.latchkey.gateway.history;

/** A promise that did not hold, and the exchange that shows it. */
record Violation(Rule rule, Exchange exchange, String why) {

    @Override
    public String toString() {
        return rule + ": " + why + "\n  " + exchange;
    }

    enum Rule {
        /** Each request is answered as its kind of trouble allows: 503 with {@code Retry-After} at most. */
        ANSWERED,
        /** No honest client is refused. */
        LET_IN,
        /** Each generation has one parent, and none is handed out after a newer one. */
        ONE_LINE,
        /** What was revoked stays out. */
        KEPT_OUT,
        /** Only a sign-out takes cookies away. */
        COOKIES_KEPT,
        /** A backend serves whom the client is. */
        RIGHT_CALLER,
        /** No honest client is taken for a thief. */
        NO_ALARM
    }
}
