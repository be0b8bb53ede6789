package dev.latchkey.gateway.testing;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/** A real collector on a real socket, which reads spans by the schema of OTLP. */
public final class SpanCollector implements AutoCloseable {

    private static final int OK = 200;

    private final List<ResourceSpans> received = new CopyOnWriteArrayList<>();
    private final Queue<Integer> refusals = new ConcurrentLinkedQueue<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final HttpServer server;

    public SpanCollector() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
        server.createContext("/v1/traces", this::answer);
        server.start();
    }

    /** The address that spans are sent to. */
    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    }

    /** The next requests are answered by these, and what they brought is not taken. */
    public void refuse(Integer... statuses) {
        refusals.addAll(List.of(statuses));
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        Integer refusal = refusals.poll();
        try (InputStream body = new GZIPInputStream(exchange.getRequestBody())) {
            ExportTraceServiceRequest batch = ExportTraceServiceRequest.parseFrom(body);
            if (refusal == null) {
                received.addAll(batch.getResourceSpansList());
            }
        }
        exchange.sendResponseHeaders(refusal == null ? OK : refusal, -1);
        exchange.close();
    }

    /** How often it was asked. */
    public int requests() {
        return requests.get();
    }

    /** All that it took, with the resources that they are of. */
    public List<ResourceSpans> received() {
        return received;
    }

    public List<Span> spans() {
        return received.stream()
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .toList();
    }

    /** The only one of this kind. */
    public Span span(Span.SpanKind kind) {
        List<Span> all = spans().stream().filter(span -> span.getKind() == kind).toList();
        if (all.size() != 1) {
            throw new AssertionError("not one " + kind + ": " + all);
        }
        return all.get(0);
    }

    /** By name, as texts. */
    public static Map<String, String> attributes(List<KeyValue> all) {
        return all.stream().collect(Collectors.toMap(KeyValue::getKey, each -> text(each.getValue())));
    }

    private static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case INT_VALUE -> String.valueOf(value.getIntValue());
            case BOOL_VALUE -> String.valueOf(value.getBoolValue());
            default -> throw new AssertionError(value);
        };
    }

    /** As it is written in a header. */
    public static String hex(ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
