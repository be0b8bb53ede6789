package dev.latchkey.gateway.session.records;

import dev.latchkey.gateway.denylist.DenylistEntry;
import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.redis.ScriptAnswer;
import dev.latchkey.gateway.session.ProviderClaims;
import dev.latchkey.gateway.session.PublicSessionIds;
import dev.latchkey.gateway.session.RotateOutcome.RefusedRow;
import dev.latchkey.gateway.session.SessionKeys;
import dev.latchkey.gateway.session.SessionSummary;
import dev.latchkey.gateway.session.StoredClaims;
import dev.latchkey.gateway.session.UserSessionIndex;
import dev.latchkey.gateway.session.records.SessionState.Live;
import dev.latchkey.gateway.session.records.SessionState.State;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.SessionProperties;
import dev.latchkey.gateway.token.Subject;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Finds sessions, live and ended, and changes nothing. One look-up is one round trip, or two if the session has
 * expired. Each call fails on any trouble with Redis.
 */
@Component
public final class SessionLookup {

    private static final RedisScript<?> LOOK = TimedScripts.read("dev/latchkey/gateway/session/records/look.lua");

    /** Where the fields of the record begin in the answer of look.lua. */
    private static final int FIELDS = 4;

    private static final int AT_ONCE = 16;
    /** The second is that of sessions that are bound to a device. */
    private static final Set<String> FORMATS = Set.of("1", "2");

    private static final String ENDED = "revoked:";

    /** Live ones first, and in each half the newest. */
    private static final Comparator<SessionState> ORDER = Comparator.comparing(SessionState::isLive)
            .thenComparing(session ->
                    session.live().map(Live::created).or(session::ended).orElse(Instant.EPOCH))
            .reversed();

    private final TimedScripts scripts;
    private final UserSessionIndex index;
    private final PublicSessionIds ids;
    private final SessionProperties properties;

    SessionLookup(TimedScripts scripts, UserSessionIndex index, PublicSessionIds ids, SessionProperties properties) {
        this.scripts = scripts;
        this.index = index;
        this.ids = ids;
        this.properties = properties;
    }

    /** A user's sessions: all that live, and those that have ended lately. */
    public Mono<List<SessionState>> ofUser(Subject subject) {
        return index.everyone(subject)
                .flatMap(session -> look(session, Optional.of(subject)), AT_ONCE)
                .sort(ORDER)
                .collectList();
    }

    /** The session of a public id, until it would have ended by itself; empty if there was none. */
    public Mono<SessionState> find(PublicSessionId id) {
        return ids.find(id).flatMap(session -> look(session, Optional.empty()));
    }

    /**
     * What is known of a session.
     *
     * @param known whose it is, if a token or an index says so
     */
    public Mono<SessionState> look(SessionId session, Optional<Subject> known) {
        return scripts.run(LOOK, SessionKeys.all(session), session.value()).flatMap(answer -> {
            SessionState found = state(session, known, answer);
            return found.state() == State.EXPIRED ? explained(found, answer.now()) : Mono.just(found);
        });
    }

    /** Nothing is left of a session that has expired but its public id, and with it when it would have ended. */
    private Mono<SessionState> explained(SessionState expired, Instant now) {
        return expired.expires()
                .map(Mono::just)
                .orElseGet(() -> ids.end(expired.id()))
                .map(end -> expired.expired(
                        now.isBefore(end)
                                ? RefusedRow.ofMissing(
                                        end.minus(properties.absoluteTimeout()), now, properties.idleTimeout())
                                : RefusedRow.EXPIRED,
                        Optional.of(end)))
                .defaultIfEmpty(expired);
    }

    private static SessionState state(SessionId session, Optional<Subject> known, ScriptAnswer answer) {
        Optional<DenylistEntry> denial = DenylistEntry.parse(answer.text(3));
        Map<String, String> record = record(answer);
        if (!record.isEmpty()) {
            try {
                return ofRecord(session, record, answer, denial);
            } catch (RuntimeException broken) {
                return unreadable(session, known, denial);
            }
        }
        return Tombstone.parse(answer.text(2))
                .map(left -> ofTombstone(session, known, left, denial))
                .orElseGet(() -> bare(session, State.EXPIRED, known, denial));
    }

    private static Map<String, String> record(ScriptAnswer answer) {
        Map<String, String> record = new HashMap<>();
        for (int i = FIELDS; i + 1 < answer.size(); i += 2) {
            record.put(answer.text(i), answer.text(i + 1));
        }
        return record;
    }

    private static SessionState ofRecord(
            SessionId session, Map<String, String> record, ScriptAnswer answer, Optional<DenylistEntry> denial) {
        SessionSummary summary = SessionSummary.of(session, record);
        Optional<Subject> subject = Optional.of(new Subject(record.getOrDefault("sub", "")));
        if (!FORMATS.contains(record.getOrDefault("format", "1"))) {
            return unreadable(session, subject, denial);
        }
        Live live = new Live(
                summary.created(),
                summary.lastUsed(),
                answer.now().plusMillis(Math.max(0, answer.number(1))),
                Integer.parseInt(record.getOrDefault("gen", "")),
                summary.client(),
                StoredClaims.parse(record.getOrDefault("claims", ""))
                        .flatMap(StoredClaims::provider)
                        .map(ProviderClaims::provider)
                        .map(Object::toString),
                summary.deviceBound());
        String stored = record.getOrDefault("state", "");
        return new SessionState(
                session.publicId(),
                stateOf(stored, record, summary, answer.now()),
                subject,
                stored.startsWith(ENDED) ? Optional.of(stored.substring(ENDED.length())) : Optional.empty(),
                Optional.empty(),
                Optional.of(summary.expires()),
                Optional.of(live),
                denial);
    }

    /** A version before this one kept the reason in the record; the scripts ask in the same order. */
    private static State stateOf(String stored, Map<String, String> record, SessionSummary summary, Instant now) {
        if (!now.isBefore(summary.expires())) {
            return State.EXPIRED;
        }
        if (!stored.equals("active")) {
            return State.ENDED;
        }
        return record.containsKey("lapsed") ? State.LAPSED : State.ACTIVE;
    }

    private static SessionState ofTombstone(
            SessionId session, Optional<Subject> known, Tombstone left, Optional<DenylistEntry> denial) {
        Optional<Subject> named = left.isCut() || !Subject.isWellFormed(left.subject())
                ? Optional.empty()
                : Optional.of(new Subject(left.subject()));
        return new SessionState(
                session.publicId(),
                State.ENDED,
                known.or(() -> named),
                Optional.of(left.reason()),
                Optional.of(left.ended()),
                Optional.of(left.expires()),
                Optional.empty(),
                denial);
    }

    private static SessionState unreadable(SessionId session, Optional<Subject> known, Optional<DenylistEntry> denial) {
        return bare(session, State.UNREADABLE, known, denial);
    }

    private static SessionState bare(
            SessionId session, State state, Optional<Subject> known, Optional<DenylistEntry> denial) {
        return new SessionState(
                session.publicId(),
                state,
                known,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                denial);
    }
}
