/** Pages by which operators do what the endpoints for operators do; only on the management port. */
@NullMarked
package dev.latchkey.gateway.admin.console;

import org.jspecify.annotations.NullMarked;
