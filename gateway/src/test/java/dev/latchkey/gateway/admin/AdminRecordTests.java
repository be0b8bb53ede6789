package dev.latchkey.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.problem.Result;
import dev.latchkey.gateway.testing.AuditFacts;
import dev.latchkey.gateway.token.Subject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** A call that its operator does not wait for may have done something. */
final class AdminRecordTests {

    private final List<AuditEvent> audit = new ArrayList<>();
    private final AdminRecord record = new AdminRecord(audit::add);

    @Test
    void callWhenTheOperatorDoesNotWaitThenOneLineSaysSo() {
        Mono<Result<String>> silent = Mono.never();
        record.of(new Actor("olga"), AdminAction.ERASE_USER, new Subject("ada"), silent)
                .subscribe()
                .dispose();
        assertThat(audit).singleElement().satisfies(event -> {
            assertThat(AuditFacts.of(event, "actor")).isEqualTo("olga");
            assertThat(AuditFacts.of(event, "action")).isEqualTo("erase-user");
            assertThat(AuditFacts.of(event, "outcome")).isEqualTo("cancelled");
            assertThat(AuditFacts.of(event, "subject")).isEqualTo("ada");
        });
    }
}
