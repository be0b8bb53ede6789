package dev.latchkey.gateway.session;

/** Whether rotated tokens may still be set; trouble with Redis counts as no. */
public enum CommitOutcome {
    SET,
    SET_NOTHING
}
