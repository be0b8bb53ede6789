/** The framework's filters by which the rules change a request that takes its way, and the response. */
@NullMarked
package dev.latchkey.gateway.pipeline.chain;

import org.jspecify.annotations.NullMarked;
