package dev.latchkey.gateway.pipeline.rotation;

/** Why a rotation is asked for; the rules are the same for both. */
public enum RotationCause {
    /** An access token ran out on the way of a request. */
    TRANSPARENT,
    /** The client asked for it. */
    EXPLICIT
}
