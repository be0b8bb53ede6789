/** The route's entry rule against who is asking. */
@NullMarked
package dev.latchkey.gateway.pipeline.admission;

import org.jspecify.annotations.NullMarked;
