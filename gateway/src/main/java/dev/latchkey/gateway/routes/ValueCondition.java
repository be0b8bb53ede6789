package dev.latchkey.gateway.routes;

/**
 * A condition on a request's header or query parameter.
 *
 * @param name of a header in lower case, of a parameter as it is written
 */
record ValueCondition(String name, ValueTest test) {}
