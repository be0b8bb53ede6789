package dev.latchkey.gateway.signin.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.session.SessionKeys;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.ProviderTrouble;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.token.SessionId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node that stops while it refreshes a provider's tokens loses none: a strict provider would end the session. */
@Timeout(180)
final class ProviderStopIT {

    private static final StrictProvider PROVIDER = new StrictProvider(() -> now());

    @RegisterExtension
    static final World WORLD = new World(TestProviders.properties(PROVIDER));

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Above twice the jitter, so that the provider's tokens are due. */
    private static final Duration UNTIL_DUE = Duration.ofMinutes(6);

    private Gateway node;
    private Visitor visitor;
    private int reusedBefore;

    private static Instant now() {
        return WORLD.clock().instant();
    }

    @AfterAll
    static void stop() {
        PROVIDER.close();
    }

    @BeforeEach
    void signIn() {
        PROVIDER.heal();
        node = WORLD.startFreshNode(Map.of("latchkey.shutdown.timeout", "60s"));
        TestProviders.awaitReady(new Browser(node.url()));
        TestProviders.awaitReady(WORLD.browser());
        PROVIDER.signIn("ada-1", TestProviders.ADA);
        visitor = new Visitor(new Browser(node.url()));
        visitor.signIn("/auth/providers/strict?return=%2Fapi%2Fx");
        PROVIDER.received().clear();
        reusedBefore = PROVIDER.reused();
    }

    @Test
    void stopWhenTheProviderIsStillAtWorkThenItsAnswerIsStored() {
        PROVIDER.next("/token", ProviderTrouble.answersAfter(Duration.ofSeconds(4)));
        refresh();
        node.close();
        assertThat(number()).isEqualTo("2");
        assertNextRefreshWorks();
    }

    @Test
    void stopWhenRedisIsAwayThenTheAnswerIsStoredOnceItIsBack() {
        PROVIDER.next("/token", ProviderTrouble.answersAfter(Duration.ofSeconds(2)));
        refresh();
        WORLD.redis().kill();
        await().atMost(LIMIT).until(() -> heldBack() > 0);
        CompletableFuture<Void> stop = CompletableFuture.runAsync(node::close);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThatThrownBy(() -> new RawConnection(node.port()))
                        .hasCauseInstanceOf(ConnectException.class));
        double tries = heldBack();
        await().atMost(LIMIT).until(() -> heldBack() > tries + 2);
        assertThat(stop).isNotDone();
        WORLD.redis().restart();
        stop.join();
        assertThat(number()).isEqualTo("2");
        assertNextRefreshWorks();
    }

    @Test
    void stopWhenRedisStaysAwayThenItEndsWithinItsTimeAndNothingGoesOn() {
        node.close();
        node = WORLD.startFreshNode(Map.of("latchkey.shutdown.timeout", "1s"));
        TestProviders.awaitReady(new Browser(node.url()));
        PROVIDER.next("/token", ProviderTrouble.answersAfter(Duration.ofSeconds(2)));
        visitor = new Visitor(visitor.browser().at(node.url()));
        refresh();
        WORLD.redis().kill();
        await().atMost(LIMIT).until(() -> heldBack() > 0);
        Gauge underWay = node.bean(MeterRegistry.class)
                .get("latchkey.upstream.in.flight")
                .gauge();
        assertThat(underWay.value()).isEqualTo(1);
        assertThat(CompletableFuture.runAsync(node::close)).succeedsWithin(Duration.ofSeconds(20));
        assertThat(underWay.value()).isZero();
    }

    private void refresh() {
        WORLD.clock().advance(UNTIL_DUE);
        assertThat(visitor.browser().get("/api/x").statusCode()).isEqualTo(200);
        await().atMost(LIMIT).until(() -> PROVIDER.tokenRequests("refresh_token") == 1);
    }

    private double heldBack() {
        return node.bean(MeterRegistry.class)
                .counter("latchkey.upstream.store.failures")
                .count();
    }

    private String number() {
        SessionId session = new SessionId(visitor.browser().session());
        return WORLD.redis().say("HGET " + SessionKeys.upstream(session) + " u");
    }

    private void assertNextRefreshWorks() {
        Browser elsewhere = visitor.browser().at(WORLD.url());
        WORLD.clock().advance(UNTIL_DUE);
        await().atMost(LIMIT).until(() -> elsewhere.get("/api/x").statusCode() == 200);
        await().atMost(LIMIT).until(() -> number().equals("3"));
        assertThat(PROVIDER.tokenRequests("refresh_token")).isEqualTo(2);
        assertThat(PROVIDER.reused()).isEqualTo(reusedBefore);
    }
}
