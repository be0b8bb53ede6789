/** The tokens that a request presents. */
@NullMarked
package dev.latchkey.gateway.pipeline.extraction;

import org.jspecify.annotations.NullMarked;
