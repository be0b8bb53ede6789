package dev.latchkey.gateway.telemetry;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * W3C trace context: each request has a span of the gateway, and its backend is told of it.
 *
 * @param enabled Whether requests are traced; without it, {@code traceparent} and {@code tracestate} pass as any other
 *     header
 * @param sampleRate Which part of the traces that begin here is sampled, 0 to 1; a trace that was begun elsewhere says
 *     so itself
 * @param trustClients Whether a trace of any client is continued, and sampled if it says so; otherwise only those of
 *     {@code latchkey.trusted-proxies}
 */
@ConfigurationProperties("latchkey.tracing")
public record TracingProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("0.01") double sampleRate,
        @DefaultValue("false") boolean trustClients) {

    public TracingProperties {
        if (!(sampleRate >= 0 && sampleRate <= 1)) {
            throw new IllegalArgumentException("latchkey.tracing.sample-rate must lie between 0 and 1");
        }
    }
}
