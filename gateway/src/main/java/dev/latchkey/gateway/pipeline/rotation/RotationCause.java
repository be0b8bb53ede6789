package dev.latchkey.gateway.pipeline.rotation;

/** Why a rotation is asked for; the rules are the same for all. */
public enum RotationCause {
    /** A request came with an expired access token. */
    TRANSPARENT,
    /** A role of an access token was withdrawn before it expired. */
    FORCED,
    /** The client asked for it. */
    EXPLICIT,
    /** The key of the device proved itself to which the session is bound, or is to be. */
    PROVEN
}
