package dev.latchkey.gateway.history;

/**
 * A request that a client is about to send, and the fate that chance has in store for it.
 *
 * @param argument a path's last part, the user of a sign-in, or the session to be ended
 * @param node that a balancer would like best
 * @param there milliseconds on the way to the node
 * @param back milliseconds on the way to the client
 * @param hold milliseconds at the backend, for {@link Operation#SLOW_GET}
 * @param lost whether the answer never arrives
 * @param hangsUp whether the client goes away while the backend works
 */
record Intent(
        Operation operation,
        String argument,
        int node,
        long there,
        long back,
        long hold,
        boolean lost,
        boolean hangsUp) {

    static Intent prompt(Operation operation, String argument, int node) {
        return new Intent(operation, argument, node, 0, 0, 0, false, false);
    }

    String target() {
        return operation == Operation.END_OTHER ? argument : "";
    }
}
