package dev.latchkey.gateway.user;

/** A password as typed. */
public record Password(String value) {

    /** Never shows the password. */
    @Override
    public String toString() {
        return "Password[hidden]";
    }
}
