/** What happens to a request to a route, decided by the rules alone. */
@NullMarked
package dev.latchkey.gateway.pipeline.decision;

import org.jspecify.annotations.NullMarked;
