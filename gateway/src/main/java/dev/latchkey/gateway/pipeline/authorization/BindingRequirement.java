package dev.latchkey.gateway.pipeline.authorization;

/** Which sessions may enter, by what they are bound to. */
public enum BindingRequirement {
    /** Those that are bound, and those that are not. */
    ANY,
    /** Those that are. */
    REQUIRED
}
