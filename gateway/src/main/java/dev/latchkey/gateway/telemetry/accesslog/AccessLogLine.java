package dev.latchkey.gateway.telemetry.accesslog;

import dev.latchkey.gateway.telemetry.RequestOutcome;
import dev.latchkey.gateway.telemetry.RequestRecord;
import dev.latchkey.gateway.telemetry.TraceContext;
import dev.latchkey.gateway.token.Subject;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Writes a record as a line, with the field names of the Elastic Common Schema (ECS) where it has one. No token,
 * cookie, query or name of a user is in it. For one thread.
 */
final class AccessLogLine {

    private static final String ECS = "8.11";
    private static final int FAILED = 400;
    private static final int NANOS_IN_MILLI = 1_000_000;
    private static final int THOUSAND = 1_000;
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.").withZone(ZoneOffset.UTC);

    private final AccessLogProperties properties;
    private final SubjectHash subjects;
    private final InstantSource clock;
    private final JsonLine line = new JsonLine();
    private long second = Long.MIN_VALUE;
    private String secondText = "";

    AccessLogLine(AccessLogProperties properties, SubjectHash subjects, InstantSource clock) {
        this.properties = properties;
        this.subjects = subjects;
        this.clock = clock;
    }

    /** The line, until the next one. */
    JsonLine of(RequestRecord request) {
        line.begin();
        line.add("@timestamp", time(request.arrivedAt(clock)));
        line.add("ecs.version", ECS);
        line.add("event.dataset", "latchkey.access");
        addIfThere("http.request.id", request.id());
        TraceContext trace = request.trace();
        if (trace != null) {
            line.add("trace.id", trace.traceId());
            line.add("span.id", trace.spanId());
        }
        addIfThere("http.request.method", request.method());
        if (properties.path()) {
            addIfThere("url.path", request.path());
        }
        addIfThere("client.ip", request.clientAddress());
        Subject subject = request.subject();
        if (subject != null) {
            line.add("user.hash", subjects.of(subject));
        }
        answer(request);
        line.end();
        return line;
    }

    private void answer(RequestRecord request) {
        if (request.status() != 0) {
            line.add("http.response.status_code", request.status());
        }
        line.add("http.request.body.bytes", request.requestBytes());
        if (!request.isTunnel()) {
            line.add("http.response.body.bytes", request.answerBytes());
        }
        line.add("event.outcome", isSuccess(request) ? "success" : "failure");
        line.add("event.duration", request.duration());
        addIfThere("latchkey.route", request.route());
        line.add("latchkey.outcome", request.outcome().label());
        addIfThere("latchkey.reason", request.reason());
        line.add("latchkey.lane", request.isByLane());
        if (request.isRotated()) {
            line.add("latchkey.rotated", true);
        }
        if (request.untilSent() >= 0) {
            line.add("latchkey.sent_after", request.untilSent());
        }
        if (request.backendDuration() >= 0) {
            line.add("latchkey.backend.duration", request.backendDuration());
        }
    }

    private static boolean isSuccess(RequestRecord request) {
        return request.status() != 0
                && request.status() < FAILED
                && request.outcome() != RequestOutcome.FAILED
                && request.outcome() != RequestOutcome.CANCELLED;
    }

    private void addIfThere(String name, @Nullable String value) {
        if (value != null) {
            line.add(name, value);
        }
    }

    /** ISO 8601 with milliseconds; all but these are the same for a second. */
    private String time(Instant moment) {
        if (moment.getEpochSecond() != second) {
            second = moment.getEpochSecond();
            secondText = SECOND.format(moment);
        }
        String millis = Integer.toString(THOUSAND + moment.getNano() / NANOS_IN_MILLI);
        return secondText + millis.substring(1) + "Z";
    }
}
