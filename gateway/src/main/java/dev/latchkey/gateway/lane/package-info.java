/**
 * The short way of a request: what this node can decide by itself and forward without waiting passes neither the
 * server's nor the framework's filters. The rules are the chain's, and what the lane does not take goes there.
 */
@NullMarked
package dev.latchkey.gateway.lane;

import org.jspecify.annotations.NullMarked;
