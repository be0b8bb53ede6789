package dev.latchkey.gateway.admin;

import dev.latchkey.gateway.admin.AdminDenylist.LocalPage;
import dev.latchkey.gateway.admin.AdminUsers.Erasure;
import dev.latchkey.gateway.admin.Explanation.TokenFacts;
import dev.latchkey.gateway.admin.Explanation.UserFacts;
import dev.latchkey.gateway.audit.stream.EventPage;
import dev.latchkey.gateway.audit.stream.EventPage.StoredEvent;
import dev.latchkey.gateway.denylist.DenylistEntry;
import dev.latchkey.gateway.denylist.LocalDenylistReport.Kind;
import dev.latchkey.gateway.denylist.LocalDenylistReport.Row;
import dev.latchkey.gateway.session.records.SessionState;
import dev.latchkey.gateway.session.records.SessionState.Live;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The documents of the endpoints for operators; what is not known is left out. */
final class AdminJson {

    private AdminJson() {}

    static Map<String, Object> sessions(Subject subject, List<SessionState> sessions) {
        return document(
                "user",
                subject.value(),
                "sessions",
                sessions.stream().map(AdminJson::session).toList());
    }

    static Map<String, Object> session(SessionState session) {
        Map<String, Object> document = document("sessionId", session.id().value(), "state", word(session.state()));
        session.reason().ifPresent(reason -> document.put("reason", reason));
        time(document, "endedAt", session.ended());
        session.subject().ifPresent(subject -> document.put("user", subject.value()));
        session.live().ifPresent(live -> addLive(document, live));
        time(document, "expiresAt", session.expires());
        session.denial().ifPresent(entry -> document.put("denylist", entry(entry)));
        return document;
    }

    private static void addLive(Map<String, Object> document, Live live) {
        document.put("client", live.client().userAgent());
        document.put("address", live.client().address());
        document.put("createdAt", live.created().toString());
        document.put("lastRotationAt", live.lastRotation().toString());
        document.put("idleEndAt", live.idleEnd().toString());
        document.put("generation", live.generation());
        document.put("deviceBound", live.deviceBound());
        live.provider().ifPresent(provider -> document.put("provider", provider));
    }

    private static Map<String, Object> entry(DenylistEntry entry) {
        Map<String, Object> document = document("revoked", entry.isRevoked());
        if (!entry.isRevoked()) {
            document.put("minGeneration", entry.minGeneration());
            document.put("nextMinGeneration", entry.nextMinGeneration());
        }
        document.put("effectiveAt", Instant.ofEpochMilli(entry.effectiveAt()).toString());
        document.put("until", Instant.ofEpochMilli(entry.expiresAt()).toString());
        return document;
    }

    static Map<String, Object> ended(Optional<Subject> subject, List<PublicSessionId> ended) {
        Map<String, Object> document = new LinkedHashMap<>();
        subject.ifPresent(user -> document.put("user", user.value()));
        document.put("ended", ids(ended));
        return document;
    }

    private static List<String> ids(List<PublicSessionId> sessions) {
        return sessions.stream().map(PublicSessionId::value).toList();
    }

    static Map<String, Object> erased(Subject subject, Erasure erasure) {
        Map<String, Object> document =
                document("user", subject.value(), "ended", ids(erasure.ended()), "tombstones", erasure.tombstones());
        erasure.events().ifPresent(events -> document.put("events", events));
        document.put(
                "stays",
                List.of(
                        document(
                                "what",
                                "the name in the denylist",
                                "until",
                                erasure.nameUntil().toString()),
                        document(
                                "what",
                                "ids of ended sessions, without the name",
                                "until",
                                erasure.nameUntil().toString()),
                        document(
                                "what",
                                "counters of sign-ins, by hashes of the name",
                                "until",
                                "latchkey.sign-in.window and .exempt-for have passed"),
                        document("what", "the audit log", "until", "those who keep it remove it")));
        return document;
    }

    static Map<String, Object> events(EventPage page) {
        Map<String, Object> document =
                document("events", page.events().stream().map(AdminJson::event).toList());
        page.next().ifPresent(next -> document.put("next", next));
        return document;
    }

    private static Map<String, Object> event(StoredEvent stored) {
        Map<String, Object> facts = new LinkedHashMap<>();
        stored.facts().forEach(fact -> facts.put(fact.name(), fact.value()));
        return document("id", stored.id(), "time", stored.at().toString(), "event", stored.name(), "facts", facts);
    }

    static Map<String, Object> explanation(Explanation explanation) {
        Verdict verdict = explanation.verdict();
        Map<String, Object> document =
                document("kind", word(explanation.kind()), "denied", verdict.isDenied(), "why", word(verdict.why()));
        verdict.detail().ifPresent(detail -> document.put("detail", detail));
        time(document, "since", verdict.since());
        time(document, "until", verdict.until());
        explanation.subject().ifPresent(subject -> document.put("user", subject.value()));
        explanation.thisNode().ifPresent(said -> document.put("thisNode", said));
        explanation.token().ifPresent(token -> document.put("token", token(token)));
        explanation.session().ifPresent(session -> document.put("session", session(session)));
        explanation.user().ifPresent(user -> document.put("userState", user(user)));
        return document;
    }

    private static Map<String, Object> token(TokenFacts token) {
        Map<String, Object> document = document(
                "verified",
                true,
                "expired",
                token.isExpired(),
                "issuedAt",
                token.issuedAt().toString(),
                "expiresAt",
                token.expiresAt().toString(),
                "generation",
                token.generation());
        if (!token.roles().isEmpty()) {
            document.put("roles", token.roles());
        }
        token.boundTo().ifPresent(key -> document.put("boundTo", key));
        return document;
    }

    private static Map<String, Object> user(UserFacts user) {
        Map<String, Object> document = new LinkedHashMap<>();
        time(document, "sessionsDeniedBefore", user.denial().notBefore());
        user.denial().roles().ifPresent(roles -> document.put("changedRoles", roles.names()));
        time(document, "changedRolesUntil", user.denial().rolesEnd());
        user.record().ifPresent(record -> {
            document.put("maySignIn", record.mayEnter());
            if (!record.reason().isEmpty()) {
                document.put("reason", record.reason());
            }
            time(document, "sessionsEndedBefore", Optional.of(record.ended()).filter(Instant.EPOCH::isBefore));
        });
        return document;
    }

    static Map<String, Object> denylist(LocalPage page) {
        Map<String, Object> document = document(
                "source",
                "this node's copy",
                "fresh",
                page.isFresh(),
                "ageMillis",
                page.age().toMillis(),
                "entries",
                page.page().rows().stream().map(AdminJson::row).toList());
        page.page().next().ifPresent(mark -> document.put("next", AdminRequest.cursor(mark)));
        return document;
    }

    private static Map<String, Object> row(Row row) {
        boolean isSession = row.mark().kind() == Kind.SESSION;
        Map<String, Object> document = document(
                "kind",
                word(row.mark().kind()),
                isSession ? "sessionId" : "user",
                row.mark().id());
        row.entry().map(AdminJson::entry).ifPresent(document::putAll);
        time(document, "notBefore", row.notBefore());
        row.roles().ifPresent(roles -> document.put("roles", roles.names()));
        document.put("until", row.until().toString());
        return document;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void time(Map<String, Object> document, String name, Optional<Instant> time) {
        time.ifPresent(instant -> document.put(name, instant.toString()));
    }

    private static Map<String, Object> document(Object... namesAndValues) {
        Map<String, Object> document = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            document.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return document;
    }
}
