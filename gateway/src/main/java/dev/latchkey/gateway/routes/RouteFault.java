package dev.latchkey.gateway.routes;

/**
 * One thing that is wrong in the routes file, in words for the person who mends it.
 *
 * @param position where to look
 * @param message what is wrong and what to write instead
 */
record RouteFault(Position position, String message) {

    /** As compilers write it, so that editors jump to the place. */
    String in(String file) {
        return file + ":" + position.line() + ":" + position.column() + ": " + message;
    }
}
