package dev.latchkey.gateway.pipeline.rotation;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.session.RotateOutcome.RefusedRow;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.RefreshClaims;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Which refused refresh tokens of ended sessions are audited. A client that goes on asking must not fill the audit log,
 * which gets the first refusal of a minute of each session and reason.
 */
final class RefusedRefreshes {

    private static final Duration WINDOW = Duration.ofMinutes(1);

    /** Where more sessions than that are refused within a minute, some have more than one event. */
    private static final int MOST_SESSIONS = 10_000;

    private final Cache<Refusal, Boolean> seen;

    RefusedRefreshes(Ticker ticker) {
        this.seen = Caffeine.newBuilder()
                .maximumSize(MOST_SESSIONS)
                .expireAfterWrite(WINDOW)
                .ticker(ticker)
                .build();
    }

    private record Refusal(PublicSessionId session, RefusedRow row) {}

    /** The event of a refusal, if there was none like it within the last minute. */
    Optional<AuditEvent> first(RefreshClaims presented, RefusedRow row) {
        PublicSessionId session = presented.session().publicId();
        return seen.asMap().putIfAbsent(new Refusal(session, row), true) == null
                ? Optional.of(AuditEvent.refreshRefused(
                        presented.subject(), session, row.name().toLowerCase(Locale.ROOT)))
                : Optional.empty();
    }
}
