package dev.latchkey.gateway.telemetry.accesslog;

import dev.latchkey.gateway.telemetry.RequestOutcome;
import dev.latchkey.gateway.telemetry.RequestRecord;
import dev.latchkey.gateway.telemetry.TraceContext;
import dev.latchkey.gateway.telemetry.accesslog.JsonLine.Name;
import dev.latchkey.gateway.token.Subject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Writes a record as a line, with the field names of the Elastic Common Schema (ECS) where it has one. No token,
 * cookie, query or name of a user is in it. For one thread.
 */
final class AccessLogLine {

    private static final Name TIME = new Name("@timestamp");
    private static final Name ID = new Name("http.request.id");
    private static final Name TRACE = new Name("trace.id");
    private static final Name SPAN = new Name("span.id");
    private static final Name METHOD = new Name("http.request.method");
    private static final Name PATH = new Name("url.path");
    private static final Name CLIENT = new Name("client.ip");
    private static final Name USER = new Name("user.hash");
    private static final Name STATUS = new Name("http.response.status_code");
    private static final Name REQUEST_BYTES = new Name("http.request.body.bytes");
    private static final Name ANSWER_BYTES = new Name("http.response.body.bytes");
    private static final Name OUTCOME = new Name("event.outcome");
    private static final Name DURATION = new Name("event.duration");
    private static final Name ROUTE = new Name("latchkey.route");
    private static final Name END = new Name("latchkey.outcome");
    private static final Name REASON = new Name("latchkey.reason");
    private static final Name LANE = new Name("latchkey.lane");
    private static final Name ROTATED = new Name("latchkey.rotated");
    private static final Name SENT = new Name("latchkey.sent_after");
    private static final Name BACKEND = new Name("latchkey.backend.duration");
    private static final int FAILED = 400;
    private static final long NANOS_IN_MILLI = 1_000_000;
    private static final long THOUSAND = 1_000;
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.").withZone(ZoneOffset.UTC);

    private final AccessLogProperties properties;
    private final SubjectHash subjects;
    private final JsonLine line = new JsonLine();
    private long second = Long.MIN_VALUE;
    private String secondText = "";

    AccessLogLine(AccessLogProperties properties, SubjectHash subjects) {
        this.properties = properties;
        this.subjects = subjects;
    }

    /**
     * The line, until the next one.
     *
     * @param wall what is to be added to {@link System#nanoTime} for the nanoseconds since 1970
     */
    JsonLine of(RequestRecord request, long wall) {
        line.begin();
        line.add(TIME, time(Math.floorDiv(wall + request.arrived(), NANOS_IN_MILLI)));
        addIfThere(ID, request.id());
        TraceContext trace = request.trace();
        if (trace != null) {
            line.add(TRACE, trace.traceId());
            line.add(SPAN, trace.spanId());
        }
        addIfThere(METHOD, request.method());
        if (properties.path()) {
            addIfThere(PATH, request.path());
        }
        addIfThere(CLIENT, request.clientAddress());
        Subject subject = request.subject();
        if (subject != null) {
            line.add(USER, subjects.of(subject));
        }
        answer(request);
        line.end();
        return line;
    }

    private void answer(RequestRecord request) {
        if (request.status() != 0) {
            line.add(STATUS, request.status());
        }
        line.add(REQUEST_BYTES, request.requestBytes());
        if (!request.isTunnel()) {
            line.add(ANSWER_BYTES, request.answerBytes());
        }
        line.add(OUTCOME, isSuccess(request) ? "success" : "failure");
        line.add(DURATION, request.duration());
        addIfThere(ROUTE, request.route());
        line.add(END, request.outcome().label());
        addIfThere(REASON, request.reason());
        line.add(LANE, request.isByLane());
        if (request.isRotated()) {
            line.add(ROTATED, true);
        }
        if (request.untilSent() >= 0) {
            line.add(SENT, request.untilSent());
        }
        if (request.backendDuration() >= 0) {
            line.add(BACKEND, request.backendDuration());
        }
    }

    private static boolean isSuccess(RequestRecord request) {
        return request.status() != 0
                && request.status() < FAILED
                && request.outcome() != RequestOutcome.FAILED
                && request.outcome() != RequestOutcome.CANCELLED;
    }

    private void addIfThere(Name name, @Nullable String value) {
        if (value != null) {
            line.add(name, value);
        }
    }

    /** ISO 8601 with milliseconds; all but these are the same for a second. */
    private String time(long millis) {
        long seconds = Math.floorDiv(millis, THOUSAND);
        if (seconds != second) {
            second = seconds;
            secondText = SECOND.format(Instant.ofEpochSecond(seconds));
        }
        int rest = (int) Math.floorMod(millis, THOUSAND);
        return secondText + (rest < 10 ? "00" : rest < 100 ? "0" : "") + rest + "Z";
    }
}
