package dev.latchkey.gateway.telemetry.otlp;

import dev.latchkey.gateway.telemetry.RequestOutcome;
import dev.latchkey.gateway.telemetry.RequestRecord;
import dev.latchkey.gateway.telemetry.TraceContext;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.TraceStateBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes spans of a record, named by the semantic conventions of OpenTelemetry for HTTP (1.41, stable): one of the
 * gateway, and below it one of the backend, if it has answered. No header, query, token or name of a user is in them.
 */
final class RequestSpans {

    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("latchkey.route");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("latchkey.outcome");
    private static final AttributeKey<String> REASON = AttributeKey.stringKey("latchkey.reason");
    private static final AttributeKey<Boolean> LANE = AttributeKey.booleanKey("latchkey.lane");

    /** RFC 9110 and RFC 5789; any other is a text of the client's, of which there are too many to be told apart. */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    private static final String OTHER = "_OTHER";
    private static final int CLIENT_ERROR = 400;
    private static final int SERVER_ERROR = 500;

    private final Resource resource;
    private final boolean hasPath;
    private final InstantSource clock;

    /** @param hasPath whether paths are told */
    RequestSpans(Resource resource, boolean hasPath, InstantSource clock) {
        this.resource = resource;
        this.hasPath = hasPath;
        this.clock = clock;
    }

    /** How many {@link #add} makes. */
    static int count(RequestRecord request) {
        return request.backendDuration() < 0 ? 1 : 2;
    }

    /** On any thread, after the end of the request. */
    void add(RequestRecord request, TraceContext trace, List<SpanData> spans) {
        SpanContext server =
                SpanContext.create(trace.traceId(), trace.spanId(), TraceFlags.getSampled(), state(trace.state()));
        long arrived = nanos(request.arrivedAt(clock));
        spans.add(new RequestSpan(
                name(request),
                SpanKind.SERVER,
                server,
                parent(trace, server),
                hasFailed(request) ? StatusData.error() : StatusData.unset(),
                arrived,
                arrived + request.duration(),
                attributes(request),
                resource));
        if (request.backendDuration() >= 0) {
            spans.add(backend(request, server, arrived + request.untilSent()));
        }
    }

    private static long nanos(Instant moment) {
        return TimeUnit.SECONDS.toNanos(moment.getEpochSecond()) + moment.getNano();
    }

    private static SpanContext parent(TraceContext trace, SpanContext own) {
        String parent = trace.parentSpanId();
        return parent == null
                ? SpanContext.getInvalid()
                : SpanContext.createFromRemoteParent(
                        own.getTraceId(), parent, own.getTraceFlags(), own.getTraceState());
    }

    /** A builder puts each member before the others. */
    private static TraceState state(@Nullable String header) {
        if (header == null) {
            return TraceState.getDefault();
        }
        TraceStateBuilder state = TraceState.builder();
        String[] members = header.split(",", -1);
        for (int each = members.length - 1; each >= 0; each--) {
            int equals = members[each].indexOf('=');
            state.put(members[each].substring(0, equals), members[each].substring(equals + 1));
        }
        return state.build();
    }

    /** The method and, since the template of the path is not known, the route: there are few of both. */
    private static String name(RequestRecord request) {
        String method = method(request);
        String first = method.equals(OTHER) ? "HTTP" : method;
        return request.route() == null ? first : first + " " + request.route();
    }

    private static String method(RequestRecord request) {
        String method = request.method();
        return method != null && METHODS.contains(method) ? method : OTHER;
    }

    /** A refusal is the client's error and not the gateway's, and so is a client that left. */
    private static boolean hasFailed(RequestRecord request) {
        return request.status() >= SERVER_ERROR || request.outcome() == RequestOutcome.FAILED;
    }

    private Attributes attributes(RequestRecord request) {
        AttributesBuilder all = Attributes.builder().put(METHOD, method(request));
        if (hasPath) {
            all.put(PATH, request.path());
        }
        if (request.status() != 0) {
            all.put(STATUS, (long) request.status());
        }
        String reason = request.reason();
        if (hasFailed(request)) {
            all.put(ERROR, reason == null ? String.valueOf(request.status()) : reason);
        }
        return all.put(ROUTE, request.route())
                .put(OUTCOME, request.outcome().label())
                .put(REASON, reason)
                .put(LANE, request.isByLane())
                .build();
    }

    private RequestSpan backend(RequestRecord request, SpanContext server, long sent) {
        String method = method(request);
        AttributesBuilder all = Attributes.builder().put(METHOD, method).put(ROUTE, request.route());
        StatusData status = StatusData.unset();
        // Any other answer is not the backend's own.
        if (request.outcome() == RequestOutcome.FORWARDED) {
            all.put(STATUS, (long) request.status());
            if (request.status() >= CLIENT_ERROR) {
                status = StatusData.error();
                all.put(ERROR, String.valueOf(request.status()));
            }
        }
        return new RequestSpan(
                method.equals(OTHER) ? "HTTP" : method,
                SpanKind.CLIENT,
                SpanContext.create(server.getTraceId(), spanId(), server.getTraceFlags(), server.getTraceState()),
                server,
                status,
                sent,
                sent + request.backendDuration(),
                all.build(),
                resource);
    }

    private static String spanId() {
        long id = ThreadLocalRandom.current().nextLong();
        return SpanId.fromLong(id == 0 ? 1 : id);
    }
}
