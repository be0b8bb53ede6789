package dev.latchkey.gateway.telemetry.otlp;

import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.telemetry.RequestObserver;
import dev.latchkey.gateway.telemetry.RequestRecord;
import dev.latchkey.gateway.telemetry.TraceContext;
import dev.latchkey.gateway.telemetry.TracingProperties;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.info.BuildProperties;
import org.springframework.stereotype.Component;

/** Exports the spans of sampled requests. Without an endpoint there is no thread, no queue and no exporter. */
@Component
final class SpanExport implements RequestObserver, DisposableBean {

    private static final int TENTH = 10;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final @Nullable SpanSender sender;

    SpanExport(
            SpanExportProperties properties,
            TracingProperties tracing,
            @Value("${spring.application.name:latchkey}") String application,
            Optional<BuildProperties> build,
            InstantSource clock,
            MeterRegistry registry) {
        URI endpoint = properties.endpoint();
        properties.fault(tracing).ifPresent(sentence -> {
            throw new StartupException(sentence, "Set latchkey.tracing.enabled to true, or remove the endpoint.");
        });
        String service = properties.serviceName() == null ? application : properties.serviceName();
        String version = build.map(BuildProperties::getVersion).orElse(null);
        this.sender = endpoint == null
                ? null
                : new SpanSender(
                        new RequestSpans(resource(service, version), properties.path(), clock),
                        exporter(endpoint, properties),
                        properties.timeout(),
                        dropped(registry)::increment);
        if (sender != null) {
            sender.start();
        }
    }

    private static Counter dropped(MeterRegistry registry) {
        return Counter.builder("latchkey.spans.dropped")
                .description("Spans that were not exported, because too many were waiting or the collector failed")
                .register(registry);
    }

    /**
     * Retries on 429, 502, 503 and 504, and where there was no answer (OTLP specification, Retryable Response Codes).
     */
    private static SpanExporter exporter(URI endpoint, SpanExportProperties properties) {
        return OtlpHttpSpanExporter.builder()
                .setEndpoint(endpoint.toString())
                .setTimeout(properties.timeout())
                .setConnectTimeout(properties.timeout())
                .setCompression("gzip")
                .setRetryPolicy(RetryPolicy.builder()
                        .setInitialBackoff(pause(properties.timeout()))
                        .build())
                .setMeterProvider(MeterProvider.noop())
                .build();
    }

    /** So short that the library's four pauses, each half as long again, fit into the time limit. */
    private static Duration pause(Duration timeout) {
        Duration tenth = timeout.dividedBy(TENTH);
        return tenth.compareTo(LONGEST_PAUSE) < 0 ? tenth : LONGEST_PAUSE;
    }

    /** @param version null where the classes are run without a build */
    private static Resource resource(String service, @Nullable String version) {
        return Resource.create(Attributes.builder()
                .put(AttributeKey.stringKey("service.name"), service)
                .put(AttributeKey.stringKey("service.version"), version)
                .build());
    }

    @Override
    public boolean isActive() {
        return sender != null;
    }

    @Override
    public void ended(RequestRecord request) {
        TraceContext trace = request.trace();
        if (sender != null && trace != null && trace.isSampled()) {
            sender.offer(request);
        }
    }

    @Override
    public void destroy() {
        if (sender != null) {
            sender.stop();
        }
    }
}
