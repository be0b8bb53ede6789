/** Whether a gateway could work with a Redis, asked before there is a gateway. */
@NullMarked
package dev.latchkey.gateway.redis.check;

import org.jspecify.annotations.NullMarked;
