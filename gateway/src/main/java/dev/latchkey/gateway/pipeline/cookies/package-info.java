/** The only place that knows cookie attributes. */
@NullMarked
package dev.latchkey.gateway.pipeline.cookies;

import org.jspecify.annotations.NullMarked;
