/** How much a route takes: the size of a body, and requests per time. */
@NullMarked
package dev.latchkey.gateway.routes.limits;

import org.jspecify.annotations.NullMarked;
