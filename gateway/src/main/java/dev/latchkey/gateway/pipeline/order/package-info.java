/** The order of the filters. */
@NullMarked
package dev.latchkey.gateway.pipeline.order;

import org.jspecify.annotations.NullMarked;
