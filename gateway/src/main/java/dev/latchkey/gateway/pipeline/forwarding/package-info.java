/** Headers between client and backend, in both directions: what is removed and what is set. */
@NullMarked
package dev.latchkey.gateway.pipeline.forwarding;

import org.jspecify.annotations.NullMarked;
