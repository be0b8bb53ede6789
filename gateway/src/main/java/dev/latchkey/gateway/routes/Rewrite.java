package dev.latchkey.gateway.routes;

/**
 * How a request is changed on its way to the backend.
 *
 * @param stripPrefix how many leading segments the backend does not see
 */
record Rewrite(int stripPrefix) {

    static final Rewrite NONE = new Rewrite(0);
}
