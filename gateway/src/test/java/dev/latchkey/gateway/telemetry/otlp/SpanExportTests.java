package dev.latchkey.gateway.telemetry.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.telemetry.RequestRecord;
import dev.latchkey.gateway.telemetry.TraceContext;
import dev.latchkey.gateway.telemetry.TracingProperties;
import dev.latchkey.gateway.testing.SpanCollector;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.info.BuildProperties;

/** Which spans reach a collector, what is in them, and what happens where it does not take them. */
final class SpanExportTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final long MILLI = 1_000_000;

    /** Other tests of this JVM may have left some. */
    private final Set<Thread> others = Thread.getAllStackTraces().keySet();

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final SpanCollector collector = new SpanCollector();

    @AfterEach
    void close() {
        collector.close();
    }

    private static RequestRecord started(String method, boolean isSampled, long arrived) {
        RequestRecord record = new RequestRecord(
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), "/api/a?token=secret"),
                arrived);
        record.identify("of-a-test", new TraceContext(1, 2, 3, 4, isSampled, "b=2,a=1"), null);
        return record;
    }

    private static RequestRecord answered(String method, boolean isSampled, int status) {
        RequestRecord record = started(method, isSampled, System.nanoTime());
        record.begun(status, System.nanoTime());
        record.ended(System.nanoTime(), true);
        return record;
    }

    /** Sent after one millisecond, answered by its backend after two more, ended after a fourth. */
    private static RequestRecord forwarded(int status) {
        long arrived = System.nanoTime();
        RequestRecord record = started("GET", true, arrived);
        record.takenByLane("api");
        record.sent(arrived + MILLI);
        record.answered(arrived + 3 * MILLI);
        record.begun(status, arrived + 3 * MILLI);
        record.ended(arrived + 4 * MILLI, true);
        return record;
    }

    private static SpanExportProperties properties(@Nullable String endpoint, Duration timeout, boolean path) {
        return new SpanExportProperties(endpoint == null ? null : URI.create(endpoint), timeout, null, path);
    }

    private SpanExport export(SpanExportProperties properties) {
        Properties build = new Properties();
        build.setProperty("version", "1.2.3");
        return new SpanExport(
                properties,
                new TracingProperties(true, 1, false),
                "shop",
                Optional.of(new BuildProperties(build)),
                InstantSource.fixed(NOW),
                registry);
    }

    private SpanExport export() {
        return export(properties(collector.endpoint(), LIMIT, true));
    }

    private double dropped() {
        return registry.get("latchkey.spans.dropped").counter().count();
    }

    private boolean isThreadThere() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> !others.contains(thread) && thread.getName().equals("latchkey-spans"));
    }

    @Test
    void exportWhenThereIsNoEndpointThenItIsOff() {
        SpanExport export = export(properties(null, LIMIT, true));
        assertThat(export.isActive()).isFalse();
        assertThat(isThreadThere()).isFalse();
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void exportWhenNothingIsTracedThenTheStartFailsAndSaysWhy() {
        assertThatThrownBy(() -> new SpanExport(
                        properties(collector.endpoint(), LIMIT, true),
                        new TracingProperties(false, 1, false),
                        "shop",
                        Optional.empty(),
                        InstantSource.system(),
                        registry))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("latchkey.tracing.export.endpoint");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "collector:4318",
                "/v1/traces",
                "ftp://collector/v1/traces",
                "http://collector:4318",
                "http://collector:4318/",
                "http://name:secret@collector/v1/traces",
                "http://collector/v1/traces?key=secret",
                "mailto:collector"
            })
    void endpointWhenUnusableThenSaysHowItMustBe(String endpoint) {
        assertThatThrownBy(() -> properties(endpoint, LIMIT, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("such as http://collector:4318/v1/traces")
                .hasMessageNotContaining("secret");
    }

    @Test
    void timeoutWhenNoneOrLongerThanAMinuteThenRefused() {
        assertThatThrownBy(() -> properties(null, Duration.ZERO, true)).hasMessageContaining("timeout");
        assertThatThrownBy(() -> properties(null, Duration.ofSeconds(61), true)).hasMessageContaining("timeout");
    }

    @Test
    void requestWhenForwardedThenOneSpanOfTheGatewayAndOneOfTheBackend() {
        SpanExport export = export();
        export.ended(forwarded(200));
        export.destroy();

        Span server = collector.span(SpanKind.SPAN_KIND_SERVER);
        assertThat(server.getName()).isEqualTo("GET api");
        assertThat(SpanCollector.hex(server.getTraceId())).isEqualTo("0000000000000001" + "0000000000000002");
        assertThat(SpanCollector.hex(server.getSpanId())).isEqualTo("0000000000000003");
        assertThat(SpanCollector.hex(server.getParentSpanId())).isEqualTo("0000000000000004");
        assertThat(server.getTraceState()).isEqualTo("b=2,a=1");
        assertThat(server.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_UNSET);
        assertThat(server.getEndTimeUnixNano() - server.getStartTimeUnixNano()).isEqualTo(4 * MILLI);
        assertThat(SpanCollector.attributes(server.getAttributesList()))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "http.request.method", "GET",
                        "url.path", "/api/a",
                        "http.response.status_code", "200",
                        "latchkey.route", "api",
                        "latchkey.outcome", "forwarded",
                        "latchkey.lane", "true"));

        Span backend = collector.span(SpanKind.SPAN_KIND_CLIENT);
        assertThat(backend.getName()).isEqualTo("GET");
        assertThat(backend.getTraceId()).isEqualTo(server.getTraceId());
        assertThat(backend.getParentSpanId()).isEqualTo(server.getSpanId());
        assertThat(backend.getSpanId()).isNotEqualTo(server.getSpanId());
        assertThat(backend.getStartTimeUnixNano() - server.getStartTimeUnixNano())
                .isEqualTo(MILLI);
        assertThat(backend.getEndTimeUnixNano() - backend.getStartTimeUnixNano())
                .isEqualTo(2 * MILLI);
        assertThat(collector.received().toString()).doesNotContain("secret").doesNotContain("of-a-test");
    }

    @Test
    void resourceWhenExportedThenTheServiceAndItsVersion() {
        SpanExport export = export();
        export.ended(answered("GET", true, 200));
        export.destroy();

        assertThat(SpanCollector.attributes(
                        collector.received().get(0).getResource().getAttributesList()))
                .containsExactlyInAnyOrderEntriesOf(Map.of("service.name", "shop", "service.version", "1.2.3"));
    }

    @Test
    void timesWhenExportedThenThoseOfTheClock() {
        SpanExport export = export();
        export.ended(forwarded(200));
        export.destroy();

        long start = collector.span(SpanKind.SPAN_KIND_SERVER).getStartTimeUnixNano();
        long now = NOW.getEpochSecond() * 1_000 * MILLI;
        assertThat(start).isBetween(now - LIMIT.toNanos(), now);
    }

    @Test
    void traceWhenItBeginsHereThenWithoutAParent() {
        RequestRecord record = started("GET", true, System.nanoTime());
        record.identify(null, new TraceContext(1, 2, 3, 0, true, null), null);
        record.begun(200, System.nanoTime());
        record.ended(System.nanoTime(), true);
        SpanExport export = export();
        export.ended(record);
        export.destroy();

        Span server = collector.span(SpanKind.SPAN_KIND_SERVER);
        assertThat(server.getName()).isEqualTo("GET");
        assertThat(server.getParentSpanId().isEmpty()).isTrue();
        assertThat(server.getTraceState()).isEmpty();
    }

    @Test
    void requestWhenItFailedThenAnErrorAndWhenItWasRefusedThenNone() {
        RequestRecord failed = answered("GET", true, 504);
        failed.problem("gateway-timeout", 504);
        RequestRecord refused = answered("GET", true, 403);
        refused.problem("forbidden", 403);
        SpanExport export = export();
        export.ended(failed);
        export.ended(refused);
        export.destroy();

        assertThat(collector.spans()).hasSize(2);
        Span first = collector.spans().get(0);
        assertThat(first.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
        assertThat(SpanCollector.attributes(first.getAttributesList()))
                .containsEntry("error.type", "gateway-timeout")
                .containsEntry("latchkey.outcome", "failed");
        Span second = collector.spans().get(1);
        assertThat(second.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_UNSET);
        assertThat(SpanCollector.attributes(second.getAttributesList()))
                .containsEntry("latchkey.reason", "forbidden")
                .doesNotContainKey("error.type");
    }

    @Test
    void requestWhenItsBackendAnswers500ThenBothSpansAreErrors() {
        SpanExport export = export();
        export.ended(forwarded(500));
        export.destroy();

        assertThat(collector.spans()).hasSize(2).allSatisfy(span -> {
            assertThat(span.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
            assertThat(SpanCollector.attributes(span.getAttributesList())).containsEntry("error.type", "500");
        });
    }

    @Test
    void methodWhenUnknownThenNotTold() {
        SpanExport export = export();
        export.ended(answered("X-SECRET", true, 405));
        export.destroy();

        Span server = collector.span(SpanKind.SPAN_KIND_SERVER);
        assertThat(server.getName()).isEqualTo("HTTP");
        assertThat(SpanCollector.attributes(server.getAttributesList())).containsEntry("http.request.method", "_OTHER");
    }

    @Test
    void pathWhenSecretThenNotTold() {
        SpanExport export = export(properties(collector.endpoint(), LIMIT, false));
        export.ended(answered("GET", true, 200));
        export.destroy();

        assertThat(SpanCollector.attributes(collector.spans().get(0).getAttributesList()))
                .doesNotContainKey("url.path");
    }

    @Test
    void requestWhenNotSampledOrNotTracedThenNotSent() {
        RequestRecord untraced = new RequestRecord(null, System.nanoTime());
        untraced.ended(System.nanoTime(), true);
        SpanExport export = export();
        export.ended(untraced);
        export.ended(answered("GET", false, 200));
        export.ended(answered("POST", true, 200));
        export.destroy();

        assertThat(collector.spans()).extracting(Span::getName).containsExactly("POST");
    }

    @Test
    void batchWhenRefusedForTheMomentThenSentAgain() {
        collector.refuse(503);
        SpanExport export = export();
        export.ended(forwarded(200));
        await().atMost(LIMIT).until(() -> collector.spans().size() == 2);
        export.destroy();

        assertThat(collector.requests()).isEqualTo(2);
        assertThat(dropped()).isZero();
    }

    @Test
    void batchWhenRefusedForGoodThenDroppedAndTheNextOneIsSent() {
        collector.refuse(400);
        SpanExport export = export();
        export.ended(forwarded(200));
        await().atMost(LIMIT).until(() -> dropped() == 2);
        assertThat(collector.requests()).isEqualTo(1);
        export.ended(answered("POST", true, 200));
        export.destroy();

        assertThat(collector.spans()).extracting(Span::getName).containsExactly("POST");
    }

    @Test
    void batchWhenThereIsNoCollectorThenDropped() {
        collector.close();
        SpanExport export = export(properties(collector.endpoint(), Duration.ofMillis(500), true));
        export.ended(forwarded(200));
        await().atMost(LIMIT).until(() -> dropped() == 2);
        export.destroy();
        assertThat(isThreadThere()).isFalse();
    }

    @Test
    void batchWhenRefusedAgainAndAgainThenDroppedAfterFiveAttempts() {
        collector.refuse(503, 502, 504, 429, 503);
        SpanExport export = export(properties(collector.endpoint(), Duration.ofSeconds(1), true));
        export.ended(forwarded(200));
        await().atMost(LIMIT).until(() -> dropped() == 2);
        export.destroy();

        assertThat(collector.requests()).isEqualTo(5);
        assertThat(collector.spans()).isEmpty();
    }

    @Test
    void stopWhenTheCollectorIsSilentThenItEndsAndTheRestIsDropped() throws IOException {
        try (ServerSocket silent = new ServerSocket(0)) {
            SpanExport export = export(properties(
                    "http://127.0.0.1:" + silent.getLocalPort() + "/v1/traces", Duration.ofSeconds(30), true));
            export.ended(forwarded(200));
            silent.accept();
            export.ended(answered("GET", true, 200));
            long before = System.nanoTime();
            export.destroy();

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(LIMIT);
            assertThat(dropped()).isEqualTo(3);
            assertThat(isThreadThere()).isFalse();
        }
    }

    @Test
    void spansWhenNobodySendsThemThenDroppedAboveTheBound() {
        AtomicInteger lost = new AtomicInteger();
        SpanSender idle = new SpanSender(
                new RequestSpans(Resource.empty(), true, InstantSource.system()),
                SpanExporter.composite(),
                LIMIT,
                lost::addAndGet);
        for (int each = 0; each < SpanSender.MOST + 3; each++) {
            idle.offer(forwarded(200));
        }
        assertThat(lost).hasValue(6);
    }
}
