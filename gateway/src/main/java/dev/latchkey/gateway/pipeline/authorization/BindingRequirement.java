package dev.latchkey.gateway.pipeline.authorization;

/** Which sessions may enter, by what they are bound to. */
public enum BindingRequirement {
    /** All sessions, bound or not. */
    ANY,
    /** Bound sessions only. */
    REQUIRED
}
