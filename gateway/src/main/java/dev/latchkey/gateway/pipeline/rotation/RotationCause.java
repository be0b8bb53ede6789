package dev.latchkey.gateway.pipeline.rotation;

/** Why a rotation is asked for; the rules are the same for both. */
public enum RotationCause {
    /** An access token ran out on the way of a request. */
    TRANSPARENT,
    /** A role of an access token was withdrawn, before it ran out. */
    FORCED,
    /** The client asked for it. */
    EXPLICIT
}
