/** How a backend learns who is calling. */
@NullMarked
package dev.latchkey.gateway.pipeline.identity;

import org.jspecify.annotations.NullMarked;
