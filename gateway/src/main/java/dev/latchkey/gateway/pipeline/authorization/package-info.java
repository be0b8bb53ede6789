/** A route's access rule, applied to the caller. */
@NullMarked
package dev.latchkey.gateway.pipeline.authorization;

import org.jspecify.annotations.NullMarked;
