/** Follows files that may change while the gateway runs, reports what came of it, and writes files that last. */
@NullMarked
package dev.latchkey.gateway.reload;

import org.jspecify.annotations.NullMarked;
