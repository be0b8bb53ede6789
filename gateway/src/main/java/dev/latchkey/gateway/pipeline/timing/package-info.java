/** How long the gateway itself takes. */
@NullMarked
package dev.latchkey.gateway.pipeline.timing;

import org.jspecify.annotations.NullMarked;
