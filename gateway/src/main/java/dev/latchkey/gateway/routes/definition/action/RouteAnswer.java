package dev.latchkey.gateway.routes.definition.action;

/** What a route answers by itself; it has no backend. */
public sealed interface RouteAnswer permits Redirect, FixedResponse {

    /** Its key in the file. */
    String key();

    int status();

    /** On one line. */
    String summary();
}
