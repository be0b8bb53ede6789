/** Which route takes a request. */
@NullMarked
package dev.latchkey.gateway.pipeline.matching;

import org.jspecify.annotations.NullMarked;
