package dev.latchkey.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.audit.AuditEvent.Fact;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a client repeats is told at once and then counted, and nobody can fill the log with it. */
final class RepeatedEventsTests {

    private static final PublicSessionId SESSION = new PublicSessionId("012345678901234567890A");
    private static final AuditEvent ADAS = AuditEvent.rolesRefused(new Subject("ada"), "orders");
    private static final AuditEvent BOBS = AuditEvent.rolesRefused(new Subject("bob"), "orders");

    private final List<AuditEvent> audit = Collections.synchronizedList(new ArrayList<>());
    private volatile Instant now = Instant.ofEpochSecond(1_700_000_000);
    private final RepeatedEvents repeated = new RepeatedEvents(audit::add, () -> now);

    @Test
    void recordWhenRepeatedThenTheFirstIsThereAtOnceAndTheOthersAreCountedAfterTheMinute() {
        record(ADAS, 1);
        record(BOBS, 1);
        record(ADAS, 3);
        assertThat(audit).containsExactly(ADAS.times(1), BOBS.times(1));

        pass(RepeatedEvents.WINDOW.minusMillis(1));
        assertThat(audit).as("the minute goes on").hasSize(2);
        pass(Duration.ofMillis(1));
        assertThat(audit).containsExactly(ADAS.times(1), BOBS.times(1), ADAS.times(3));

        record(ADAS, 1);
        assertThat(audit).as("the next minute").hasSize(4).last().isEqualTo(ADAS.times(1));
    }

    @Test
    void recordWhenAMinuteIsOverBeforeAnybodyLookedThenItIsCountedForItself() {
        record(ADAS, 2);
        now = now.plus(RepeatedEvents.WINDOW);
        record(ADAS, 1);
        assertThat(audit).containsExactly(ADAS.times(1), ADAS.times(1), ADAS.times(1));
    }

    @Test
    void recordWhenOfOneKindThenTheFirstSpeaksForAll() {
        AuditEvent one = AuditEvent.requestRefused("cross-site", Optional.of("orders"), "2001:db8::1");
        AuditEvent neighbour = AuditEvent.requestRefused("cross-site", Optional.of("orders"), "2001:db8::2");
        repeated.record(one, "network");
        repeated.record(neighbour, "network");
        repeated.stop();
        assertThat(audit).containsExactly(one, one);
    }

    @Test
    void stopWhenSomeWereCountedThenTheyAreRecorded() {
        record(ADAS, 5);
        repeated.stop();
        assertThat(audit).containsExactly(ADAS.times(1), ADAS.times(4));
        repeated.stop();
        assertThat(audit).as("once").hasSize(2);
    }

    @Test
    void recordWhenThereAreTooManyKindsThenTheRestIsCountedAndNotTold() {
        record(ADAS, 1);
        for (int address = 0; address < 3 * RepeatedEvents.MOST_KINDS; address++) {
            record(AuditEvent.requestRefused("ambiguous-path", Optional.empty(), "2001:db8::" + address), 1);
        }
        record(ADAS, 1);
        record(AuditEvent.refreshRefused(new Subject("ada"), SESSION, "expired-idle"), 1);
        assertThat(audit)
                .as("another type of event has its own room")
                .hasSize(RepeatedEvents.MOST_KINDS + 2)
                .last()
                .extracting(AuditEvent::name)
                .isEqualTo("refresh-refused");
        repeated.stop();
        AuditEvent rest = AuditEvent.requestRefused("ambiguous-path", Optional.empty(), "any")
                .ofAnyone();
        assertThat(rest.facts()).extracting(Fact::name).containsExactly("reason", "count");
        assertThat(audit).contains(rest.times(1), rest.times(2 * RepeatedEvents.MOST_KINDS), ADAS.times(1));
        assertThat(audit.stream().mapToLong(RepeatedEventsTests::count).sum())
                .as("all are counted")
                .isEqualTo(3 * RepeatedEvents.MOST_KINDS + 3);
    }

    /** A session has as many generations as its user likes. */
    @Test
    void recordWhenThereAreTooManyGenerationsThenTheRestIsOneKind() {
        int most = RepeatedEvents.MOST_KINDS + 50;
        for (int generation = 1; generation <= most; generation++) {
            record(AuditEvent.staleRefresh(new Subject("ada"), SESSION, new Generation(generation)), 1);
        }
        repeated.stop();
        assertThat(audit).hasSize(RepeatedEvents.MOST_KINDS + 2);
        assertThat(audit.stream().mapToLong(RepeatedEventsTests::count).sum()).isEqualTo(most);
    }

    @Test
    void recordWhenManyThreadsDoThenNoneIsLost() throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int i = 0; i < 4; i++) {
            threads.execute(() -> {
                for (int time = 0; time < 20_000; time++) {
                    repeated.record(time % 2 == 0 ? ADAS : BOBS);
                    if (time % 100 == 0) {
                        now = now.plusSeconds(20);
                        repeated.look();
                    }
                }
            });
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        repeated.stop();
        assertThat(audit.stream().mapToLong(RepeatedEventsTests::count).sum()).isEqualTo(80_000);
    }

    private void record(AuditEvent event, int times) {
        for (int time = 0; time < times; time++) {
            repeated.record(event);
        }
    }

    private void pass(Duration time) {
        now = now.plus(time);
        repeated.look();
    }

    private static long count(AuditEvent event) {
        return event.facts().stream()
                .filter(fact -> fact.name().equals("count"))
                .mapToLong(fact -> Long.parseLong(fact.value()))
                .sum();
    }
}
