package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.routes.definition.RouteSettings;
import dev.latchkey.gateway.yaml.FieldReader;
import java.util.Set;

/**
 * Reads the sections that a route may write or inherit. Each has a reader of its own, which returns the section's
 * neutral value where it is not written or where something was wrong with it and told.
 */
final class SettingsReader {

    /** Every section; the same names stand in the defaults. */
    static final Set<String> KEYS = Set.of(
            "rewrite",
            "timeout",
            "connect-timeout",
            "retries",
            "circuit-breaker",
            "limits",
            "cors",
            "security-headers");

    private final RewriteReader rewrites = new RewriteReader();
    private final CallReader calls = new CallReader();
    private final LimitsReader limits = new LimitsReader();
    private final CorsReader cors = new CorsReader();
    private final SecurityHeadersReader securityHeaders = new SecurityHeadersReader();

    /** Reads a route, completed by what it inherits, or the defaults by themselves, to find what is wrong in them. */
    RouteSettings read(FieldReader route) {
        return new RouteSettings(
                rewrites.read(route),
                calls.read(route),
                limits.read(route),
                cors.read(route),
                securityHeaders.read(route));
    }
}
