package dev.latchkey.gateway.user;

import java.nio.charset.StandardCharsets;

/** A password as typed. */
public record Password(String value) {

    /** In bytes: hashing a longer text is not worth the work. */
    static final int LONGEST = 1024;

    /** Whether it is not even compared. */
    public boolean isTooLong() {
        return value.length() > LONGEST || value.getBytes(StandardCharsets.UTF_8).length > LONGEST;
    }

    /** Never shows the password. */
    @Override
    public String toString() {
        return "Password[hidden]";
    }
}
