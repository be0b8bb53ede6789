package dev.latchkey.gateway.pipeline.authorization;

/** Which sessions may enter, by what they are bound to. */
public enum DeviceRequirement {
    /** Those that are bound to a device, and those that are not. */
    ANY,
    /** Those that are. */
    REQUIRED
}
