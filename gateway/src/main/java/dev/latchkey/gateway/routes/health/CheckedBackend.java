package dev.latchkey.gateway.routes.health;

import dev.latchkey.gateway.routes.upstream.HealthCheckRule;
import java.net.URI;
import java.util.Optional;

/**
 * What is checked once, however many routes say so.
 *
 * @param address scheme, host and port
 * @param sslBundle for TLS to it; none: the gateway's own
 */
record CheckedBackend(URI address, Optional<String> sslBundle, HealthCheckRule rule) {}
