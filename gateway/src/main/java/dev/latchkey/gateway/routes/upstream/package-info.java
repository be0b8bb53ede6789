/** Sends a route's requests to its backends: which one, with what time limits, retries and circuit breaker. */
@NullMarked
package dev.latchkey.gateway.routes.upstream;

import org.jspecify.annotations.NullMarked;
