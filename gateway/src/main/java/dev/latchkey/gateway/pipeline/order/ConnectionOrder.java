package dev.latchkey.gateway.pipeline.order;

/**
 * The order in which the gateway's handlers are added to a client's connection, in one place. Each stands relative to
 * one of the server's own: what is added later right before the same one is closer to it, and sees what is read later.
 */
public final class ConnectionOrder {

    /** Limits and checks, around the codec and before all else that relies on them. */
    public static final int LISTENER = 0;

    /** Behind the checks. */
    public static final int LANE = 1;

    /** Before the codec and all that belongs to HTTP/1.1 alone, because it removes what stands behind it. */
    public static final int PROTOCOL = 2;

    /** Right before the codec, which gets from it what it may decode. */
    public static final int HANDSHAKE_HOLD = 3;

    /** Behind the lane, right before the server's own handlers. */
    public static final int TURNS = 4;

    /** Where the server has one request at a time. */
    public static final int TRAILERS = 5;

    private ConnectionOrder() {}
}
