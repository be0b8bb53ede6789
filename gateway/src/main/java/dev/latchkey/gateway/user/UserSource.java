package dev.latchkey.gateway.user;

import java.util.Locale;

/** Where users with passwords come from: {@code latchkey.users.source}. */
public enum UserSource {
    FILE,
    POSTGRESQL,
    MONGODB,
    LDAP;

    /** As it is written in the configuration. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
