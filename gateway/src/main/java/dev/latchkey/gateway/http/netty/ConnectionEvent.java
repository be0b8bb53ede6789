package dev.latchkey.gateway.http.netty;

/** What the gateway tells the handlers of a client's connection, or of one stream in it, as a user event. */
public enum ConnectionEvent {
    /**
     * The gateway ends the connection behind what it has written: nothing that was read may be handed on any more (RFC
     * 9112 section 9.6). The connection may be open for a while yet, so that this arrives, see {@link LingeringClose}.
     */
    ENDS
}
