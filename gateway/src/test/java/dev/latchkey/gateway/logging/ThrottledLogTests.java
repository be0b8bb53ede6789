package dev.latchkey.gateway.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A line a second, by a clock that the test moves. */
final class ThrottledLogTests {

    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger(ThrottledLogTests.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final ThrottledLog log =
            new ThrottledLog(LOGGER, org.slf4j.event.Level.DEBUG, Duration.ofSeconds(1), nanos::get);

    @BeforeEach
    void listen() {
        LOGGER.setLevel(Level.DEBUG);
        lines.start();
        LOGGER.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        LOGGER.detachAppender(lines);
        LOGGER.setLevel(null);
    }

    @Test
    void writeWhenManyComeThenOneLineASecondWithTheNumberOfTheOthers() {
        for (int i = 0; i < 100; i++) {
            log.write("It happened", "kind " + i);
        }
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        log.write("It happened", "again");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        log.write("It happened", "alone");
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "It happened (kind 0)", "It happened (again); 99 more before it", "It happened (alone)");
    }

    @Test
    void writeWhenNobodyReadsTheLevelThenNothing() {
        LOGGER.setLevel(Level.INFO);
        log.write("It happened", "unseen");
        assertThat(lines.list).isEmpty();
    }
}
