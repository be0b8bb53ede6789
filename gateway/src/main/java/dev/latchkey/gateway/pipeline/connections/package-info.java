/** Long-lived connections, which end with their session. */
@NullMarked
package dev.latchkey.gateway.pipeline.connections;

import org.jspecify.annotations.NullMarked;
