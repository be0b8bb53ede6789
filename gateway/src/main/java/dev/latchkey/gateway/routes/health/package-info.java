/** Asks the backends of the active routes whether they are healthy. */
@NullMarked
package dev.latchkey.gateway.routes.health;

import org.jspecify.annotations.NullMarked;
