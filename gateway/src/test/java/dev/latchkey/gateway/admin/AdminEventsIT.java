package dev.latchkey.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.audit.AuditQueue;
import dev.latchkey.gateway.audit.stream.AuditStream;
import dev.latchkey.gateway.audit.stream.EventQuery;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** A stream of Redis keeps audit events, and operators read them there. */
final class AdminEventsIT {

    @RegisterExtension
    static final World WORLD = new World(Map.of(
            "latchkey.admin.tokens-file",
            OperatorClient.tokensFile(),
            "latchkey.audit.stream.enabled",
            true,
            "latchkey.audit.stream.max-length",
            2000));

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static OperatorClient operator() {
        return new OperatorClient(WORLD.gateway().managementUrl(), OperatorClient.TOKEN);
    }

    private static String publicId(Browser browser) {
        return new SessionId(browser.session()).publicId().value();
    }

    private static JsonNode page(String query) {
        return OperatorClient.json(operator().get("/admin/api/events?" + query));
    }

    private static List<JsonNode> events(JsonNode page) {
        return StreamSupport.stream(page.path("events").spliterator(), false).toList();
    }

    /** Without those that say that somebody has looked. */
    private static List<JsonNode> events(String query) {
        return events(page(query)).stream()
                .filter(event ->
                        !event.path("facts").path("action").asString("").equals("list-events"))
                .toList();
    }

    private static List<String> names(String query) {
        return events(query).stream()
                .map(event -> event.path("event").asString())
                .toList();
    }

    private static void record(String user, String reason) {
        WORLD.gateway().bean(AuditLog.class).record(AuditEvent.userRevoked(new Subject(user), reason));
    }

    private static AuditStream stream() {
        return WORLD.gateway().bean(AuditStream.class);
    }

    @Test
    void eventsWhenASessionWasEndedThenTheySayWhyAndWho() {
        Browser browser = WORLD.signedIn("ada");
        String id = publicId(browser);
        operator().delete("/admin/api/sessions/" + id);
        await().until(() -> names("session=" + id).contains("admin-action"));
        JsonNode revoked = events("user=ada&limit=500").stream()
                .filter(event -> event.path("event").asString().equals("session-revoked")
                        && event.path("facts").path("session").asString("").equals(id))
                .findFirst()
                .orElseThrow();
        assertThat(revoked.path("time").asString())
                .isEqualTo(WORLD.clock().instant().toString());
        assertThat(WORLD.audit())
                .contains(AuditEvent.adminAction(
                        "ada", "list-events", "success", Optional.empty(), Optional.of(new PublicSessionId(id))));
        assertThat(WORLD.redis().say("KEYS latchkey:audit*")).isEqualTo("latchkey:audit");
    }

    /** Redis is asked before its connections end, however slow it is. */
    @Test
    void eventsWhenANodeStopsThenThoseThatWaitAreWrittenFirst() {
        Gateway node = WORLD.startPatientNode();
        Thread stop = new Thread(node::close);
        WORLD.redis().pause();
        try {
            node.bean(AuditLog.class).record(AuditEvent.userRevoked(new Subject("stopping"), "r"));
            stop.start();
            await().atMost(LIMIT).until(() -> isIn(stop, AuditQueue.class));
        } finally {
            WORLD.redis().resume();
        }
        await().atMost(LIMIT).until(() -> names("user=stopping").equals(List.of("user-revoked")));
    }

    private static boolean isIn(Thread thread, Class<?> type) {
        return Stream.of(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(type.getName()));
    }

    @Test
    void eventsWhenPagedThenEachComesOnceAndTheNewestFirst() {
        IntStream.range(0, 7).forEach(i -> {
            record("paged", "r" + i);
            record("somebody-else", "s" + i);
        });
        await().until(() -> events("user=paged").size() == 7);
        List<String> seen = new ArrayList<>();
        String before = "";
        do {
            JsonNode page = page("user=paged&limit=3" + before);
            events(page).stream()
                    .map(event -> event.path("facts").path("reason").asString(""))
                    .filter(reason -> !reason.isEmpty())
                    .forEach(seen::add);
            before = page.has("next") ? "&before=" + page.path("next").asString() : "";
        } while (!before.isEmpty());
        assertThat(seen).containsExactly("r6", "r5", "r4", "r3", "r2", "r1", "r0");
    }

    @Test
    void eventsWhenThereAreTooManyThenTheOldestGo() {
        IntStream.range(0, 3000).forEach(i -> record("many", "r" + i));
        await().until(() -> page("user=many&limit=500").toString().contains("\"r2999\""));
        int kept = Integer.parseInt(WORLD.redis().say("XLEN latchkey:audit").strip());
        assertThat(kept).isBetween(2000, 2200);
        assertThat(Objects.requireNonNull(stream()
                                .page(EventQuery.of(new Subject("nobody")), Optional.empty(), 10)
                                .block(LIMIT))
                        .next())
                .isEmpty();
        assertThat(Long.parseLong(WORLD.redis().say("PTTL latchkey:audit").strip()))
                .isBetween(1L, Duration.ofDays(30).toMillis());
    }

    @Test
    void eventsWhenTheyAreOldThenTheNextOneRemovesThem() {
        WORLD.redis().say("XADD latchkey:audit 1000-1 at 1000 event user-revoked subject old reason user-gone");
        assertThat(names("user=old")).containsExactly("user-revoked");
        record("young", "user-gone");
        await().until(() -> names("user=young").size() == 1);
        assertThat(names("user=old")).isEmpty();
    }

    @Test
    void eventsWhenSomethingElseWroteThemThenLeftOut() {
        WORLD.redis().say("XADD latchkey:audit * subject strange");
        WORLD.redis().say("XADD latchkey:audit * at x event y subject strange");
        record("strange", "user-gone");
        await().until(() -> names("user=strange").size() == 1);
    }

    @Test
    void eraseWhenTheStreamNamesTheUserThenOnlyTheErasureItselfStays() {
        WORLD.signedIn("bob").post("/auth/sign-out");
        IntStream.range(0, 1500).forEach(i -> record("carl", "r" + i));
        record("bobby", "user-gone");
        JsonNode answer = OperatorClient.json(operator().delete("/admin/api/users?user=bob"));
        assertThat(answer.path("events").asInt()).isGreaterThanOrEqualTo(3);
        await().until(() -> names("user=bob").contains("admin-action"));
        assertThat(events("user=bob"))
                .singleElement()
                .satisfies(
                        event -> assertThat(event.path("facts").path("action").asString(""))
                                .isEqualTo("erase-user"));
        assertThat(names("user=bobby")).containsExactly("user-revoked");
        assertThat(events(page("user=carl&limit=500"))).hasSize(500);
    }

    /** One keyboard types é as one character and another as two, and each of them signs in. */
    @Test
    void requestWhenTheNameIsTypedInTheOtherWayThenItIsThatOfTheUser() {
        record("jos\u00e9", "user-gone");
        await().until(() -> names("user=jos%C3%A9").equals(List.of("user-revoked")));
        assertThat(names("user=jose%CC%81")).containsExactly("user-revoked");
        JsonNode erased = OperatorClient.json(operator().delete("/admin/api/users?user=jose%CC%81"));
        assertThat(erased.path("user").asString()).isEqualTo("jos\u00e9");
        assertThat(erased.path("events").asInt()).isPositive();
    }

    @Test
    void requestWhenTheUserIsOneOfAProviderThenTheNameIsLeftAsItIs() {
        record("corp|jose\u0301", "user-gone");
        await().until(() -> names("user=corp%7Cjose%CC%81").equals(List.of("user-revoked")));
        assertThat(names("user=corp%7Cjos%C3%A9")).isEmpty();
    }

    @Test
    void forgetWhenEventsAreStillOnTheirWayThenWaitsForThem() {
        IntStream.range(0, 1000).forEach(i -> record("carl", "r" + i));
        record("late", "user-gone");
        assertThat(stream().forget(new Subject("late")).block(LIMIT)).isEqualTo(1);
    }

    @Test
    void recordWhenRedisIsAwayThenEventsWaitAndAreDroppedByNobody() {
        WORLD.redis().kill();
        record("patient", "first");
        HttpResponse<String> away = operator().get("/admin/api/events?user=patient");
        assertThat(away.statusCode()).isEqualTo(503);
        record("patient", "second");
        WORLD.redis().restart();
        await().atMost(LIMIT).until(() -> names("user=patient").size() == 2);
        assertThat(events("user=patient").get(0).path("facts").path("reason").asString(""))
                .isEqualTo("second");
        assertThat(WORLD.gateway()
                        .bean(MeterRegistry.class)
                        .get("latchkey.audit.dropped")
                        .tag("sink", "stream")
                        .counter()
                        .count())
                .isZero();
    }
}
