package dev.latchkey.gateway.audit;

/** Records audit events; never blocks and never fails a request. */
public interface AuditLog {

    void record(AuditEvent event);
}
