package dev.latchkey.gateway.routes;

/** The paths that the gateway answers itself; a wider pattern may cover them, for they are looked up first. */
final class ReservedPaths {

    private ReservedPaths() {}

    /** Whether a pattern is about one of them and nothing else. */
    static boolean holds(String pattern) {
        return pattern.equals("/auth") || pattern.startsWith("/auth/") || pattern.equals("/.well-known/jwks.json");
    }
}
