/** From a request to the tokens that it presents. */
@NullMarked
package dev.latchkey.gateway.pipeline.extraction;

import org.jspecify.annotations.NullMarked;
