package dev.latchkey.gateway.audit;

import java.util.Locale;

/** Which events there are, and what each is by the Elastic Common Schema. */
public enum AuditEventType {
    SIGNED_IN("authentication", "start", Outcome.SUCCESS),
    SIGN_IN_REFUSED("authentication", "denied", Outcome.FAILURE),
    PASSWORD_CHANGED("iam", "change", Outcome.SUCCESS),
    PASSWORD_CHANGE_REFUSED("iam", "denied", Outcome.FAILURE),
    SIGN_OUT_REFUSED("session", "denied", Outcome.FAILURE),
    PROVIDER_LOGOUT("session", "end", Outcome.SUCCESS),
    SESSION_REVOKED("session", "end", Outcome.SUCCESS),
    SESSION_LAPSED("session", "end", Outcome.SUCCESS),
    USER_REVOKED("session", "end", Outcome.SUCCESS),
    ROLES_WITHDRAWN("iam", "change", Outcome.SUCCESS),
    REQUEST_REFUSED("api", "denied", Outcome.FAILURE),
    REFRESH_REFUSED("session", "denied", Outcome.FAILURE),
    REFRESH_STALE("session", "denied", Outcome.FAILURE),
    SESSION_REUSED("session", "end", Outcome.FAILURE),
    PROOF_REFUSED("session", "denied", Outcome.FAILURE),
    PROOF_MISSING("session", "denied", Outcome.FAILURE),
    SESSION_BOUND("session", "change", Outcome.SUCCESS),
    SESSION_RELEASED("session", "change", Outcome.SUCCESS),
    SESSION_REBOUND("session", "change", Outcome.FAILURE),
    SESSION_RECOVERED("session", "change", Outcome.SUCCESS),
    ADMIN_ACTION("iam", "admin", Outcome.SUCCESS),
    ADMIN_REFUSED("authentication", "denied", Outcome.FAILURE),
    ROUTES_CHANGED("configuration", "change", Outcome.SUCCESS);

    private final String category;
    private final String ecsType;
    private final Outcome outcome;

    AuditEventType(String category, String ecsType, Outcome outcome) {
        this.category = category;
        this.ecsType = ecsType;
        this.outcome = outcome;
    }

    private enum Outcome {
        SUCCESS,
        FAILURE
    }

    /** The stable name of the event, for example {@code session-reused}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** {@code event.category}. */
    String category() {
        return category;
    }

    /** {@code event.type}. */
    String ecsType() {
        return ecsType;
    }

    /** {@code event.outcome}. */
    String outcome() {
        return outcome.name().toLowerCase(Locale.ROOT);
    }
}
