/** How much a route takes: of one body, and of requests in a span of time. */
@NullMarked
package dev.latchkey.gateway.routes.limits;

import org.jspecify.annotations.NullMarked;
