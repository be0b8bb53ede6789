/**
 * The Redis client: connections, scripts, time limits, replicas and meters. The driver's types stay in this package and
 * those below it; it knows neither sessions nor the denylist.
 */
@NullMarked
package dev.latchkey.gateway.redis;

import org.jspecify.annotations.NullMarked;
