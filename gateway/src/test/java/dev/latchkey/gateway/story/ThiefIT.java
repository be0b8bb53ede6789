package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.AuditFacts;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.SessionId;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A thief copies a cookie jar and uses it beside its owner, on another node. The protocol promises that the two can
 * take turns at most three times before they are found out.
 */
final class ThiefIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static final int TURNS = 3;
    private static final int ROUNDS = 12;

    private static Gateway other;

    private final List<Holder> turns = new ArrayList<>();

    @BeforeAll
    static void startOther() {
        other = WORLD.startNode();
    }

    @AfterAll
    static void closeOther() {
        other.close();
    }

    /** The order in which they come, how the thief refreshes, and how long after the first the second comes. */
    static Stream<Arguments> histories() {
        return Stream.of(Duration.ZERO, Duration.ofSeconds(1), World.GRACE.minusSeconds(1), World.GRACE.plusSeconds(1))
                .flatMap(gap -> Stream.of(Way.values())
                        .flatMap(way -> Stream.of(true, false).map(ownerFirst -> Arguments.of(ownerFirst, way, gap))));
    }

    @ParameterizedTest(name = "owner first {0}, thief {1}, the second comes {2} after the first")
    @MethodSource("histories")
    void copyWhenUsedBesideItsOwnerThenFoundOut(boolean ownerFirst, Way way, Duration gap) {
        Holder owner = new Holder("owner", WORLD.signedIn("ada"), Way.TRANSPARENT);
        Holder thief = new Holder("thief", owner.browser.at(other.url()), way);
        PublicSessionId session = new SessionId(WORLD.sessionOf(owner.browser)).publicId();
        Holder first = ownerFirst ? owner : thief;
        Holder second = ownerFirst ? thief : owner;
        for (int round = 0; round < ROUNDS && !isFoundOut(); round++) {
            WORLD.expireAccessToken();
            comes(first);
            WORLD.clock().advance(gap);
            comes(second);
        }
        assertThat(reused()).as("turns %s", turns).containsExactly(session);
        assertThat(alternations()).as("turns %s", turns).isLessThanOrEqualTo(TURNS);
        assertThat(WORLD.audit().toString()).doesNotContain(WORLD.sessionOf(owner.browser));
        owner.browser.at(WORLD.gateway().url()).awaitRefused();
        owner.browser.at(other.url()).awaitRefused();
        assertOut(owner);
        assertOut(thief);
        WORLD.expireAccessToken();
        assertOut(owner);
        assertOut(thief);
    }

    /** Takes a turn, if the gateway lets him, and uses what he was given. */
    private void comes(Holder holder) {
        HttpResponse<String> answer = holder.refresh();
        if (Browser.cookiesOf(answer).size() == 2) {
            turns.add(holder);
            int generation = WORLD.generationOf(holder.browser);
            holder.browser.get("/api/uses-it");
            WORLD.awaitConfirmed(holder.browser, generation);
        }
    }

    private long alternations() {
        long changes = 0;
        for (int i = 1; i < turns.size(); i++) {
            changes += turns.get(i).equals(turns.get(i - 1)) ? 0 : 1;
        }
        return turns.isEmpty() ? 0 : changes + 1;
    }

    private static boolean isFoundOut() {
        return !reused().isEmpty();
    }

    private static List<PublicSessionId> reused() {
        return WORLD.audit().stream()
                .filter(event -> event.name().equals("session-reused"))
                .map(event -> new PublicSessionId(AuditFacts.of(event, "session")))
                .toList();
    }

    private static void assertOut(Holder holder) {
        for (String node : List.of(WORLD.url(), other.url())) {
            Browser there = holder.browser.at(node);
            HttpResponse<String> answer = there.get("/api/x");
            assertThat(answer.statusCode()).as(holder.name).isEqualTo(401);
            assertThat(Browser.cookiesOf(answer)).isEmpty();
            assertThat(there.post("/auth/refresh").statusCode()).as(holder.name).isEqualTo(401);
        }
    }

    /** How a client gets a new pair. */
    enum Way {
        EXPLICIT,
        TRANSPARENT
    }

    /** One of the two. */
    private record Holder(String name, Browser browser, Way way) {

        HttpResponse<String> refresh() {
            return way == Way.EXPLICIT ? browser.post("/auth/refresh") : browser.get("/api/x");
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
