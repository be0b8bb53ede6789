package dev.latchkey.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.problem.Result;
import dev.latchkey.gateway.testing.AuditFacts;
import dev.latchkey.gateway.token.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What becomes of a call that its operator does not wait for. */
final class AdminRecordTests {

    private final List<AuditEvent> audit = new ArrayList<>();
    private final AdminRecord record = new AdminRecord(audit::add);

    @Test
    void readWhenTheOperatorDoesNotWaitThenOneLineSaysSo() {
        Mono<Result<String>> silent = Mono.never();
        record.of(new Actor("olga"), AdminAction.LIST_SESSIONS, new Subject("ada"), silent)
                .subscribe()
                .dispose();
        assertThat(audit).singleElement().satisfies(event -> {
            assertThat(AuditFacts.of(event, "actor")).isEqualTo("olga");
            assertThat(AuditFacts.of(event, "action")).isEqualTo("list-sessions");
            assertThat(AuditFacts.of(event, "outcome")).isEqualTo("cancelled");
            assertThat(AuditFacts.of(event, "subject")).isEqualTo("ada");
        });
    }

    @Test
    void readWhenTheOperatorLeavesWhileTheAnswerIsWrittenThenTheLineThatItWasDoneStaysTheOnlyOne() {
        Mono<Result<String>> call = AdminRecord.done(Mono.just("sessions"));
        record.of(new Actor("olga"), AdminAction.LIST_SESSIONS, new Subject("ada"), call)
                .flatMap(answer -> Mono.never())
                .subscribe()
                .dispose();
        assertThat(audit)
                .containsExactly(AuditEvent.adminAction(
                        "olga", "list-sessions", "success", Optional.of(new Subject("ada")), Optional.empty()));
    }

    @ParameterizedTest
    @EnumSource(names = {"END_SESSION", "END_SESSIONS_OF_USER", "END_SESSIONS_OF_PROVIDER_USER", "ERASE_USER"})
    void changeWhenTheOperatorDoesNotWaitThenItGoesOnAndTheLineSaysWhatWasDone(AdminAction change) {
        Sinks.One<String> first = Sinks.one();
        List<String> steps = new ArrayList<>();
        Mono<Result<String>> call = AdminRecord.done(first.asMono().doOnNext(steps::add));
        record.of(new Actor("olga"), change, new Subject("ada"), call)
                .subscribe()
                .dispose();
        assertThat(audit).isEmpty();
        first.tryEmitValue("done").orThrow();
        assertThat(steps).containsExactly("done");
        assertThat(audit)
                .containsExactly(AuditEvent.adminAction(
                        "olga", change.word(), "success", Optional.of(new Subject("ada")), Optional.empty()));
    }
}
