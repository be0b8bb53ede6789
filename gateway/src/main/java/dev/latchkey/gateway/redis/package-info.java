/**
 * The way to Redis: connections, scripts, time limits, replicas and meters. The driver's types stay in here, and it
 * knows neither sessions nor what is refused.
 */
@NullMarked
package dev.latchkey.gateway.redis;

import org.jspecify.annotations.NullMarked;
