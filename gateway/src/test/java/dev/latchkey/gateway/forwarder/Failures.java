package dev.latchkey.gateway.forwarder;

/** Failures that no backend has to be asked for. */
public final class Failures {

    private Failures() {}

    public static BackendFailure of(BackendFailure.Kind kind) {
        return new BackendFailure(kind, "of the test", null);
    }
}
