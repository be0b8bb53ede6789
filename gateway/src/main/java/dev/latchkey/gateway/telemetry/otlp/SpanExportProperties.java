package dev.latchkey.gateway.telemetry.otlp;

import dev.latchkey.gateway.telemetry.TracingProperties;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where spans of sampled requests go; docs/operations.md says what is in them.
 *
 * @param endpoint The address that takes spans by OTLP over HTTP, whole, such as
 *     {@code http://collector:4318/v1/traces}; without it, none are exported. It needs {@code latchkey.tracing.enabled}
 * @param timeout How long one export may take, with all its attempts
 * @param serviceName The {@code service.name} of the spans; without it, {@code spring.application.name}
 * @param path Whether a span has the path of the request; its query is never there
 */
@ConfigurationProperties("latchkey.tracing.export")
public record SpanExportProperties(
        @Nullable URI endpoint,
        @DefaultValue("10s") Duration timeout,
        @Nullable String serviceName,
        @DefaultValue("true") boolean path) {

    private static final Duration LONGEST = Duration.ofMinutes(1);

    public SpanExportProperties {
        if (endpoint != null && !isUsable(endpoint)) {
            throw new IllegalArgumentException("latchkey.tracing.export.endpoint must be a whole address of http or"
                    + " https without user, query and fragment, such as http://collector:4318/v1/traces");
        }
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "latchkey.tracing.export.timeout must be more than nothing and at most a minute");
        }
        if (serviceName != null && serviceName.isBlank()) {
            throw new IllegalArgumentException("latchkey.tracing.export.service-name must not be blank");
        }
    }

    /** A sentence, if nothing would ever be exported. */
    public Optional<String> fault(TracingProperties tracing) {
        return endpoint == null || tracing.enabled()
                ? Optional.empty()
                : Optional.of("latchkey.tracing.export.endpoint is set, but nothing is traced");
    }

    /** A collector answers 404 on the root, where a base address would lead. */
    private static boolean isUsable(URI endpoint) {
        boolean isHttp =
                "http".equalsIgnoreCase(endpoint.getScheme()) || "https".equalsIgnoreCase(endpoint.getScheme());
        return isHttp
                && endpoint.getHost() != null
                && endpoint.getRawUserInfo() == null
                && endpoint.getRawQuery() == null
                && endpoint.getRawFragment() == null
                && endpoint.getRawPath().length() > 1;
    }
}
