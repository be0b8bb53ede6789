/** Follows the routes files while the gateway runs, and says what came of each change. */
@NullMarked
package dev.latchkey.gateway.routes.reload;

import org.jspecify.annotations.NullMarked;
