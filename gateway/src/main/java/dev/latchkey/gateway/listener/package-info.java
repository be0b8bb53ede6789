/** Client connections before the first filter and after the last one: framing, limits, refusals. */
@NullMarked
package dev.latchkey.gateway.listener;

import org.jspecify.annotations.NullMarked;
