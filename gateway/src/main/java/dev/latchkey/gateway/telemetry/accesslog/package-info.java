/** One line for each request, for those who have to know later what happened. */
@NullMarked
package dev.latchkey.gateway.telemetry.accesslog;

import org.jspecify.annotations.NullMarked;
