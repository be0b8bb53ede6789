/** Which passwords users may choose. */
@NullMarked
package dev.latchkey.gateway.user.rules;

import org.jspecify.annotations.NullMarked;
