/** Meters of what no request tells: how many sessions there are. */
@NullMarked
package dev.latchkey.gateway.management.meters;

import org.jspecify.annotations.NullMarked;
