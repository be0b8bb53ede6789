/** Spans of sampled requests, sent to a collector by the OpenTelemetry protocol (OTLP). */
@NullMarked
package dev.latchkey.gateway.telemetry.otlp;

import org.jspecify.annotations.NullMarked;
