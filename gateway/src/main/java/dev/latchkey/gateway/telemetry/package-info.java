/** What is known of each request at its end, and who learns of it: meters, the access log, spans. */
@NullMarked
package dev.latchkey.gateway.telemetry;

import org.jspecify.annotations.NullMarked;
