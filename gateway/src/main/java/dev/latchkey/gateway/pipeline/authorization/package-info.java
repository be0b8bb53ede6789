/** The route's entry rule against who is asking. */
@NullMarked
package dev.latchkey.gateway.pipeline.authorization;

import org.jspecify.annotations.NullMarked;
