package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.user.Password;

/** A name and a password as somebody sent them. */
record Credentials(String name, Password password) {

    /** Hides both: people type passwords into the name field. */
    @Override
    public String toString() {
        return "Credentials[hidden]";
    }
}
