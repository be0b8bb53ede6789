package dev.latchkey.gateway.audit;

import java.util.Locale;

/**
 * Which events there are, and what each is by the Elastic Common Schema 8.11: a category and one of the types that it
 * expects of that. A refusal is a start, a change or an end that failed, or else information.
 */
public enum AuditEventType {
    SIGNED_IN("authentication", "start", Outcome.SUCCESS),
    SIGN_IN_REFUSED("authentication", "start", Outcome.FAILURE),
    PASSWORD_CHANGED("iam", "change", Outcome.SUCCESS),
    PASSWORD_CHANGE_REFUSED("iam", "change", Outcome.FAILURE),
    SIGN_OUT_REFUSED("session", "info", Outcome.FAILURE),
    PROVIDER_LOGOUT("session", "end", Outcome.SUCCESS),
    SESSION_REVOKED("session", "end", Outcome.SUCCESS),
    SESSION_LAPSED("session", "end", Outcome.SUCCESS),
    USER_REVOKED("session", "end", Outcome.SUCCESS),
    ROLES_WITHDRAWN("iam", "change", Outcome.SUCCESS),
    REQUEST_REFUSED("api", "denied", Outcome.FAILURE),
    REFRESH_REFUSED("session", "info", Outcome.FAILURE),
    REFRESH_STALE("session", "info", Outcome.FAILURE),
    SESSION_REUSED("session", "end", Outcome.FAILURE),
    PROOF_REFUSED("session", "info", Outcome.FAILURE),
    PROOF_MISSING("session", "info", Outcome.FAILURE),
    SESSION_BOUND("session", "info", Outcome.SUCCESS),
    SESSION_RELEASED("session", "info", Outcome.SUCCESS),
    SESSION_REBOUND("session", "info", Outcome.FAILURE),
    SESSION_RECOVERED("session", "info", Outcome.SUCCESS),
    ADMIN_ACTION("iam", "admin", Outcome.SUCCESS),
    ADMIN_REFUSED("authentication", "start", Outcome.FAILURE),
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
