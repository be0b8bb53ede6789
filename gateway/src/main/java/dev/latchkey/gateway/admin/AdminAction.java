package dev.latchkey.gateway.admin;

/** What an operator does, as the audit log calls it. */
public enum AdminAction {
    SIGN_IN("sign-in"),
    SIGN_OUT("sign-out"),
    LIST_SESSIONS("list-sessions"),
    SHOW_SESSION("show-session"),
    END_SESSION("end-session", true),
    END_SESSIONS_OF_USER("end-sessions-of-user", true),
    END_SESSIONS_OF_PROVIDER_USER("end-sessions-of-provider-user", true),
    EXPLAIN("explain"),
    SHOW_DENYLIST("show-denylist"),
    LIST_EVENTS("list-events"),
    SHOW_ROUTES("show-routes"),
    SHOW_KEYS("show-keys"),
    ERASE_USER("erase-user", true),
    /** Nothing that there is. */
    NONE("none");

    private final String word;
    private final boolean isChange;

    AdminAction(String word) {
        this(word, false);
    }

    AdminAction(String word, boolean isChange) {
        this.word = word;
        this.isChange = isChange;
    }

    /** As it stands in audit events. */
    public String word() {
        return word;
    }

    /** Whether it ends or removes something, which must not stop half way. */
    boolean isChange() {
        return isChange;
    }
}
