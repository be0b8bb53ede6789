package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.Operator;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.SpanCollector;
import dev.latchkey.gateway.testing.World;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sampled requests reach a collector as spans, and nobody waits for it. */
final class SpanExportIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";

    private static Gateway node(String endpoint, Map<String, Object> more) {
        Map<String, Object> own = new HashMap<>(more);
        own.put("latchkey.tracing.enabled", "true");
        own.put("latchkey.tracing.export.endpoint", endpoint);
        return WORLD.startNode(own);
    }

    private static String traced(String target, String flags) {
        return RawConnection.get(
                target, "traceparent: 00-" + TRACE + "-" + PARENT + "-" + flags + "\r\ntracestate: b=2,a=1\r\n");
    }

    @Test
    void requestWhenOfATrustedProxyThenItsSpansStandBelowThatOfTheProxy() {
        try (SpanCollector collector = new SpanCollector()) {
            try (Gateway node = node(
                    collector.endpoint(),
                    Map.of("latchkey.trusted-proxies", "127.0.0.1", "latchkey.tracing.sample-rate", "0"))) {
                RawConnection.exchange(node.port(), traced("/open/unsampled", "00"));
                RawConnection.exchange(node.port(), RawConnection.get("/open/untraced", ""));
                RawConnection.exchange(node.port(), traced("/open/sampled?token=secret", "01"));
                await().atMost(LIMIT).until(() -> !collector.spans().isEmpty());
            }
            Span server = collector.span(SpanKind.SPAN_KIND_SERVER);
            assertThat(SpanCollector.attributes(server.getAttributesList()))
                    .containsEntry("url.path", "/open/sampled")
                    .containsEntry("http.response.status_code", "200");
            assertThat(SpanCollector.hex(server.getTraceId())).isEqualTo(TRACE);
            assertThat(SpanCollector.hex(server.getParentSpanId())).isEqualTo(PARENT);
            assertThat(server.getTraceState()).isEqualTo("b=2,a=1");
            assertThat(WORLD.backend().last().headers().get("traceparent"))
                    .isEqualTo("00-" + TRACE + "-" + SpanCollector.hex(server.getSpanId()) + "-01");
            assertThat(collector.span(SpanKind.SPAN_KIND_CLIENT).getParentSpanId())
                    .isEqualTo(server.getSpanId());
            assertThat(SpanCollector.attributes(
                            collector.received().get(0).getResource().getAttributesList()))
                    .containsEntry("service.name", "latchkey");
            assertThat(collector.received().toString()).doesNotContain("secret");
        }
    }

    @Test
    void collectorWhenAwayThenRequestsAreAnsweredAndSpansCounted() {
        SpanCollector gone = new SpanCollector();
        gone.close();
        try (Gateway node = node(
                gone.endpoint(),
                Map.of("latchkey.tracing.sample-rate", "1", "latchkey.tracing.export.timeout", "500ms"))) {
            assertThat(RawConnection.status(node.port(), RawConnection.get("/open/a", "")))
                    .isEqualTo(200);
            Operator operator = new Operator(node.managementUrl());
            await().atMost(LIMIT).until(() -> operator.meter("latchkey_spans_dropped_total") == 2);
            assertThat(RawConnection.status(node.port(), RawConnection.get("/open/b", "")))
                    .isEqualTo(200);
        }
    }
}
