/** One typed event for each security decision that may have to be explained later. */
@NullMarked
package dev.latchkey.gateway.audit;

import org.jspecify.annotations.NullMarked;
