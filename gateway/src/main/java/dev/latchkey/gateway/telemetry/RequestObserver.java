package dev.latchkey.gateway.telemetry;

/** Learns of each request of the traffic port at its end, exactly once. A tunnel (WebSocket) ends when it is closed. */
public interface RequestObserver {

    /** Whether it does anything; asked once, at the start. */
    boolean isActive();

    /**
     * A request has ended. It is called on the event loop of the client's connection, so it must neither block nor
     * throw, and take next to no time. The record does not change any more in what it says here, and may be kept.
     */
    void ended(RequestRecord request);
}
