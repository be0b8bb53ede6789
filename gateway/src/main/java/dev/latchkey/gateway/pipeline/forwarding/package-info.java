/** The request that leaves for the backend: what is removed and what is set. */
@NullMarked
package dev.latchkey.gateway.pipeline.forwarding;

import org.jspecify.annotations.NullMarked;
