/** The words of the trade as immutable values; no {@code toString} shows a secret. */
@NullMarked
package dev.latchkey.gateway.token;

import org.jspecify.annotations.NullMarked;
