/** What this node hears from Redis: the channels that scripts publish to, in a cluster and without one. */
@NullMarked
package dev.latchkey.gateway.redis.pubsub;

import org.jspecify.annotations.NullMarked;
