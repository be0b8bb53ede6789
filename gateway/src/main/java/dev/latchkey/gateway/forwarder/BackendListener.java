package dev.latchkey.gateway.forwarder;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;

/**
 * The answer's side of one exchange, called on its event loop and never inside {@link Forwarder#send}. Exactly one of
 * {@link #end}, {@link #failed} and {@link #upgraded} is called, as the last; after {@link BackendExchange#cancel}
 * nothing is. A method that throws ends the exchange with {@link BackendFailure.Kind#FAULT}, {@link #end} too.
 *
 * <p>Reading begins by itself and goes on to the head of the final answer. What of the body came with the head is
 * passed on at once; each further read is asked for with {@link BackendExchange#read}.
 */
public interface BackendListener {

    /** An interim answer (RFC 9110 section 15.2), but 100 and 101. It answers nothing; others may follow. */
    void interim(HttpResponse head);

    /** The head of the final answer, which is the listener's to change. */
    void head(HttpResponse head);

    /** A part of the body, never an empty one. It is the listener's to release. */
    void content(ByteBuf part);

    /** All that was read is passed on, and there is more to come: time to flush, and to ask for more. */
    void readComplete();

    /**
     * The answer is whole.
     *
     * @param trailers empty if there are none
     */
    void end(HttpHeaders trailers);

    /** There is no answer, or no more of it. */
    void failed(BackendFailure failure);

    /**
     * The client of a request that expects to be asked for its body (RFC 9110 section 10.1.1) should send it: the
     * backend asks for it, or has been silent for a second, after which many clients wait no longer. Called once at
     * most, and not after {@link BackendExchange#content}: what comes unasked needs no asking.
     */
    void bodyWanted();

    /** The exchange takes content of the request again. */
    void writable();

    /**
     * What follows of the request is dropped, because the backend takes no more: it failed to, or its final answer is
     * an error (4xx, 5xx) or came before any of a body that is asked for first. Not called at the end of the answer,
     * after which what follows is dropped, too.
     */
    void uploadStopped();

    /**
     * The backend has switched to the protocol that the request asked for (101): only called if that was a WebSocket.
     * The connection belongs to the listener from here, and to no pool. Its pipeline holds no handler but that of TLS,
     * and its channel reads only when asked to; what came behind the head is read by the handlers that this method
     * adds.
     */
    void upgraded(HttpResponse head, Channel backend);
}
