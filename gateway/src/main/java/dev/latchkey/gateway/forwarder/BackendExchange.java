package dev.latchkey.gateway.forwarder;

import io.netty.handler.codec.http.HttpContent;

/** The request's side of one exchange with a backend. Only for its event loop. */
public final class BackendExchange {

    BackendExchange() {}

    /**
     * Sends a part of the request's body; the last one, with trailers, ends it. The part is released here, also where
     * the exchange has ended or takes no more. Parts are flushed together, at the latest when the loop has nothing else
     * to do. While {@link #isWritable} is false they are kept, and no more should be given.
     */
    public void content(HttpContent part) {
        part.release();
    }

    /** Whether more content may be given; once it was false, {@link BackendListener#writable} says when. */
    public boolean isWritable() {
        return false;
    }

    /** Asks for one more read of the answer's body. */
    public void read() {}

    /** Ends the exchange: the client has left. The connection is closed, and the listener not called any more. */
    public void cancel() {}
}
