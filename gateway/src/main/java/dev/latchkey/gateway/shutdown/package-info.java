/** Stops a node without losing a request: it goes on answering while balancers notice, and then closes what is open. */
@NullMarked
package dev.latchkey.gateway.shutdown;

import org.jspecify.annotations.NullMarked;
