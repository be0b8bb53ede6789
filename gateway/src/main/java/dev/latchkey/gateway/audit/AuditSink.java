package dev.latchkey.gateway.audit;

import java.time.Instant;

/** A place for audit events besides the log; never blocks and never fails. */
public interface AuditSink {

    /**
     * Takes an event.
     *
     * @param at when it happened
     */
    void record(AuditEvent event, Instant at);
}
