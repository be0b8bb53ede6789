/** Limits that all nodes share: whether one more is within them, and what it means that Redis is away. */
@NullMarked
package dev.latchkey.gateway.ratelimit;

import org.jspecify.annotations.NullMarked;
