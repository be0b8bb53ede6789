package dev.latchkey.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose traces go on, and what backends are told. */
final class TraceParentsTests {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final String SAMPLED = "00-" + TRACE + "-" + PARENT + "-01";

    private final TraceParents traces = new TraceParents(new TracingProperties(true, 0, false));

    private static HttpHeaders headers(String... lines) {
        HttpHeaders headers =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        for (int line = 0; line < lines.length; line += 2) {
            headers.add(lines[line], lines[line + 1]);
        }
        return headers;
    }

    @Test
    void traceWhenOfATrustedProxyThenContinuedWithASpanOfOurs() {
        HttpHeaders request = headers("traceparent", SAMPLED, "tracestate", "a=1,b@c=2 3", "tracestate", " d/*=4");
        TraceContext context = traces.begin(request, true);

        assertThat(context.traceId()).isEqualTo(TRACE);
        assertThat(context.parentSpanId()).isEqualTo(PARENT);
        assertThat(context.spanId()).matches("[0-9a-f]{16}").isNotEqualTo(PARENT);
        assertThat(context.isSampled()).isTrue();
        assertThat(request.getAll("traceparent")).containsExactly("00-" + TRACE + "-" + context.spanId() + "-01");
        assertThat(request.getAll("tracestate")).containsExactly("a=1,b@c=2 3,d/*=4");
    }

    @Test
    void traceWhenOfAClientThenBegunAnewUnlessClientsAreTrusted() {
        HttpHeaders request = headers("traceparent", SAMPLED, "tracestate", "a=1");
        TraceContext context = traces.begin(request, false);

        assertThat(context.traceId()).isNotEqualTo(TRACE);
        assertThat(context.parentSpanId()).isNull();
        assertThat(context.isSampled()).isFalse();
        assertThat(request.getAll("traceparent"))
                .containsExactly("00-" + context.traceId() + "-" + context.spanId() + "-00");
        assertThat(request.contains("tracestate")).isFalse();

        TraceParents trusting = new TraceParents(new TracingProperties(true, 0, true));
        assertThat(trusting.begin(headers("traceparent", SAMPLED), false).traceId())
                .isEqualTo(TRACE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-" + TRACE + "-" + PARENT,
                "00-" + TRACE + "-" + PARENT + "-01-more",
                "00-" + TRACE + "-" + PARENT + "-1",
                "00-" + TRACE + "-" + PARENT + "-0g",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + PARENT + "-01",
                "00-00000000000000000000000000000000-" + PARENT + "-01",
                "00-" + TRACE + "-0000000000000000-01",
                "ff-" + TRACE + "-" + PARENT + "-01",
                "0x-" + TRACE + "-" + PARENT + "-01",
                "00_" + TRACE + "-" + PARENT + "-01",
                "00-" + TRACE + "_" + PARENT + "-01",
                "00-" + TRACE + "-" + PARENT + "_01",
                "01-" + TRACE + "-" + PARENT + "-01more",
                " 00-" + TRACE + "-" + PARENT + "-0",
                "00-+bf92f3577b34da6a3ce929d0e0e4736-" + PARENT + "-01"
            })
    void parentWhenMalformedThenATraceBegins(String parent) {
        HttpHeaders request = headers("traceparent", parent, "tracestate", "a=1");
        assertThat(traces.begin(request, true).parentSpanId()).isNull();
        assertThat(request.contains("tracestate")).isFalse();
    }

    @Test
    void parentWhenRepeatedThenATraceBegins() {
        assertThat(traces.begin(headers("traceparent", SAMPLED, "traceparent", SAMPLED), true)
                        .parentSpanId())
                .isNull();
    }

    @Test
    void parentWhenOfALaterVersionThenItsKnownPartsGoOnAsOurs() {
        HttpHeaders request = headers("traceparent", "01-" + TRACE + "-" + PARENT + "-03-more");
        TraceContext context = traces.begin(request, true);

        assertThat(context.traceId()).isEqualTo(TRACE);
        assertThat(request.get("traceparent")).isEqualTo("00-" + TRACE + "-" + context.spanId() + "-01");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"A=1", "a", "a=1,a=2", "a=1\u00e9", "=1", "a=b=c", "a@b@c=1", "a= "})
    void stateWhenMalformedThenDroppedAndTheTraceGoesOn(String state) {
        HttpHeaders request = headers("traceparent", SAMPLED, "tracestate", state);
        assertThat(traces.begin(request, true).traceId()).isEqualTo(TRACE);
        assertThat(request.contains("tracestate")).isFalse();
    }

    @Test
    void stateWhenTooLongOrOfTooManyThenDropped() {
        HttpHeaders many = headers("traceparent", SAMPLED);
        IntStream.range(0, 33).forEach(each -> many.add("tracestate", "k" + each + "=1"));
        assertThat(traces.begin(many, true).state()).isNull();
        assertThat(traces.begin(headers("traceparent", SAMPLED, "tracestate", "a=" + "x".repeat(256)), true)
                        .state())
                .hasSize(258);
        assertThat(traces.begin(headers("traceparent", SAMPLED, "tracestate", "a=" + "x".repeat(257)), true)
                        .state())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({"0,0,0", "1,1000,1000", "0.5,350,650"})
    void tracesWhenBegunThenSampledByTheRate(double rate, long fewest, long most) {
        TraceParents rated = new TraceParents(new TracingProperties(true, rate, false));
        assertThat(IntStream.range(0, 1000)
                        .filter(each -> rated.begin(headers(), false).isSampled())
                        .count())
                .isBetween(fewest, most);
    }
}
