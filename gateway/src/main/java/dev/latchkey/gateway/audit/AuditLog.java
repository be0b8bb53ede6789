package dev.latchkey.gateway.audit;

/** Takes audit events; never blocks and never fails a request. */
public interface AuditLog {

    /** Writes one event. */
    void record(AuditEvent event);
}
