package dev.latchkey.gateway.user;

/**
 * A password on its way to being checked.
 *
 * @param value as typed
 */
public record Password(String value) {

    /** Never shows the password. */
    @Override
    public String toString() {
        return "Password[hidden]";
    }
}
