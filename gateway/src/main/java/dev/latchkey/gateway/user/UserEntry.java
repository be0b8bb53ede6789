package dev.latchkey.gateway.user;

import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.Subject;

/** One user as the file has him. */
record UserEntry(Subject name, PasswordHash password, Roles roles, boolean disabled) {

    User user() {
        return new User(name, roles, password.stamp());
    }
}
