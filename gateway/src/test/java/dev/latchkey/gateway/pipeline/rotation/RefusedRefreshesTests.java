package dev.latchkey.gateway.pipeline.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.session.RotateOutcome.RefusedRow;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.TokenId;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RefusedRefreshesTests {

    private static final Subject ADA = new Subject("ada");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final List<AuditEvent> audit = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final RefusedRefreshes refusals = new RefusedRefreshes(nanos::get);

    @Test
    void firstWhenAClientGoesOnThenThereIsOneEventAMinuteOfEachSessionAndReason() {
        RefreshClaims one = presented();
        RefreshClaims other = presented();
        present(one, RefusedRow.REVOKED);
        present(one, RefusedRow.REVOKED);
        present(other, RefusedRow.REVOKED);
        present(one, RefusedRow.UNKNOWN);
        assertThat(audit).containsExactly(event(one, "revoked"), event(other, "revoked"), event(one, "unknown"));

        nanos.set(Duration.ofMinutes(1).toNanos());
        present(one, RefusedRow.REVOKED);
        assertThat(audit).hasSize(4).last().isEqualTo(event(one, "revoked"));
    }

    private void present(RefreshClaims token, RefusedRow row) {
        refusals.first(token, row).ifPresent(audit::add);
    }

    private static AuditEvent event(RefreshClaims presented, String reason) {
        return AuditEvent.refreshRefused(ADA, presented.session().publicId(), reason);
    }

    private static RefreshClaims presented() {
        Instant now = Instant.ofEpochSecond(1_700_000_000);
        return new RefreshClaims(
                ADA, SessionId.random(RANDOM), Generation.FIRST, TokenId.random(RANDOM), now, now.plusSeconds(60), now);
    }
}
