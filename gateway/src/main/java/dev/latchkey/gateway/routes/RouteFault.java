package dev.latchkey.gateway.routes;

/**
 * One thing that is wrong in a routes file, in words for the person who mends it.
 *
 * @param position where to look
 * @param message what is wrong and what to write instead
 */
record RouteFault(Position position, String message) {

    @Override
    public String toString() {
        return position + ": " + message;
    }
}
