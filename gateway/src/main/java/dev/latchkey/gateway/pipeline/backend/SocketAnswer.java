package dev.latchkey.gateway.pipeline.backend;

import dev.latchkey.gateway.exchange.BackendAnswer;
import dev.latchkey.gateway.tunnel.Tunnel;

/**
 * A backend's 101 to a request for a WebSocket.
 *
 * @param tunnel has the backend's connection
 * @param withdrawal takes the head of the answer back from the client's response
 */
record SocketAnswer(Tunnel tunnel, Runnable withdrawal) implements BackendAnswer {

    @Override
    public void discard() {
        withdrawal.run();
        cancel();
    }

    @Override
    public void cancel() {
        tunnel.cancel();
    }
}
