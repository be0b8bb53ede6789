package dev.latchkey.gateway.admin;

/** What an operator does, as the audit log calls it. */
public enum AdminAction {
    LIST_SESSIONS("list-sessions"),
    SHOW_SESSION("show-session"),
    END_SESSION("end-session"),
    END_SESSIONS_OF_USER("end-sessions-of-user"),
    END_SESSIONS_OF_PROVIDER_USER("end-sessions-of-provider-user"),
    EXPLAIN("explain"),
    SHOW_DENYLIST("show-denylist"),
    LIST_EVENTS("list-events"),
    ERASE_USER("erase-user"),
    /** Nothing that there is. */
    NONE("none");

    private final String word;

    AdminAction(String word) {
        this.word = word;
    }

    /** As it stands in audit events. */
    public String word() {
        return word;
    }
}
