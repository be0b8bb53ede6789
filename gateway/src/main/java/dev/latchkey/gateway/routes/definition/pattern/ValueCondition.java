package dev.latchkey.gateway.routes.definition.pattern;

/**
 * A condition on a request's header or query parameter.
 *
 * @param name of a header in lower case, of a parameter as it is written
 */
public record ValueCondition(String name, ValueMatcher test) {}
