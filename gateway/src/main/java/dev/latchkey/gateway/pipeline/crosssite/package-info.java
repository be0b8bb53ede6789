/** Requests from other sites and origins: what they may send, and what they may read. */
@NullMarked
package dev.latchkey.gateway.pipeline.crosssite;

import org.jspecify.annotations.NullMarked;
