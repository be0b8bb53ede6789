package dev.latchkey.gateway.history;

/** What a client tries. */
enum Operation {
    GET,
    /** Its backend answers late. */
    SLOW_GET,
    /** Who am I, at the gateway itself. */
    SESSION,
    REFRESH,
    SIGN_IN,
    SIGN_OUT,
    SIGN_OUT_EVERYWHERE,
    /** Ends another session of the same user. */
    END_OTHER;

    /** Whether it is let through only with tokens that hold right now. */
    boolean needsLiveSession() {
        return this != SIGN_IN && this != SIGN_OUT;
    }

    boolean ends() {
        return this == SIGN_OUT || this == SIGN_OUT_EVERYWHERE || this == END_OTHER;
    }
}
