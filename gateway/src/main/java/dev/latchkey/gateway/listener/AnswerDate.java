package dev.latchkey.gateway.listener;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.springframework.stereotype.Component;

/**
 * Adds {@code Date} to answers that have none: to the gateway's own, and to those of backends, of which a proxy must
 * say when they came (RFC 9110 section 6.6.1). The text is made once a second. For any thread.
 */
@Component
final class AnswerDate {

    private static final AsciiString NAME = AsciiString.cached("Date");

    /** RFC 9110 section 5.6.7. */
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'")
            .withLocale(Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final long MILLIS = 1_000;

    private final InstantSource clock;
    private volatile Second last;

    AnswerDate(InstantSource clock) {
        this.clock = clock;
        this.last = Second.of(clock.millis() / MILLIS);
    }

    void addTo(HttpHeaders answer) {
        if (!answer.contains(NAME)) {
            answer.set(NAME, now());
        }
    }

    private String now() {
        long number = clock.millis() / MILLIS;
        Second known = last;
        if (known.number != number) {
            known = Second.of(number);
            last = known;
        }
        return known.text;
    }

    private record Second(long number, String text) {

        static Second of(long number) {
            return new Second(number, FORMAT.format(Instant.ofEpochSecond(number)));
        }
    }
}
