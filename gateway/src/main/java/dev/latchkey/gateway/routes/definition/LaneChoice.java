package dev.latchkey.gateway.routes.definition;

/** Whether a route's requests may be forwarded before the filter chain where nothing has to be waited for. */
public enum LaneChoice {
    ON,
    OFF
}
