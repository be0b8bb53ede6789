/** One typed event for each security decision that somebody may have to explain later. */
@NullMarked
package dev.latchkey.gateway.audit;

import org.jspecify.annotations.NullMarked;
