/** Keys that sign and verify, their roll-over, and the JWKS endpoint. */
@NullMarked
package dev.latchkey.gateway.keys;

import org.jspecify.annotations.NullMarked;
