/** Where browsers see the gateway. */
@NullMarked
package dev.latchkey.gateway.origin;

import org.jspecify.annotations.NullMarked;
