/** The order of the filters, and of the handlers on client connections. */
@NullMarked
package dev.latchkey.gateway.pipeline.order;

import org.jspecify.annotations.NullMarked;
