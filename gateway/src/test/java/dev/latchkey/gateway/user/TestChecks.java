package dev.latchkey.gateway.user;

/** Checks of passwords for tests elsewhere. */
public final class TestChecks {

    private TestChecks() {}

    /** On this many threads. */
    public static PasswordChecks open(int threads) {
        return new PasswordChecks(PasswordHash.encoder("bcrypt"), threads, PasswordChecks.QUEUE);
    }
}
