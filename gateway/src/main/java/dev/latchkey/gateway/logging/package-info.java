/** Logging what clients or servers can cause as often as they like. */
@NullMarked
package dev.latchkey.gateway.logging;

import org.jspecify.annotations.NullMarked;
