/**
 * HTTP requests to servers that the gateway calls by itself: each is sent once, or not at all, and the caller knows.
 */
@NullMarked
package dev.latchkey.gateway.provider.transport;

import org.jspecify.annotations.NullMarked;
