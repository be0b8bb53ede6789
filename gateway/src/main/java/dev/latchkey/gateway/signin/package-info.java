/** Starts and ends sessions at {@code /auth}. */
@NullMarked
package dev.latchkey.gateway.signin;

import org.jspecify.annotations.NullMarked;
