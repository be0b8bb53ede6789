package dev.latchkey.gateway.pipeline.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.latchkey.gateway.cache.CacheProperties;
import dev.latchkey.gateway.exchange.OutboundIdentity;
import dev.latchkey.gateway.keys.IdentityTokenSigner;
import dev.latchkey.gateway.keys.TestTokens;
import dev.latchkey.gateway.testing.TestClock;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Audience;
import dev.latchkey.gateway.token.BackendToken;
import dev.latchkey.gateway.token.IdTokenClaims;
import dev.latchkey.gateway.token.IdentityProperties;
import dev.latchkey.gateway.token.SessionProperties;
import dev.latchkey.gateway.token.TestClaims;
import dev.latchkey.gateway.token.TokenProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import reactor.test.StepVerifier;

final class IdentityPropagationTests {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Audience ORDERS = new Audience("orders");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final TestClock clock = new TestClock(NOW);
    private final AccessClaims caller = TestTokens.accessClaims(NOW);

    private IdentityPropagation propagation(IdentityTokenSigner signer, int threads, int mostWaiting) {
        IdentityLifetime lifetime = new IdentityLifetime(
                new IdentityProperties(null),
                new TokenProperties(Duration.ofMinutes(5)),
                new SessionProperties(Duration.ofDays(7), Duration.ofDays(30)));
        CacheProperties caches = new CacheProperties(DataSize.ofMegabytes(10));
        IdentityTokens tokens = new IdentityTokens(signer, lifetime, caches, clock, new SimpleMeterRegistry());
        return new IdentityPropagation(signer, tokens, threads, mostWaiting);
    }

    @Test
    void atOnceWhenASignatureTakesLongThenOnlyWhatWasSignedBefore() {
        IdentityPropagation slow = propagation(TestTokens.identitySigner(clock), 1, 10);

        assertThat(slow.atOnce(caller, ORDERS)).isEmpty();
        OutboundIdentity signed = slow.of(caller, ORDERS).block(LIMIT);
        assertThat(slow.atOnce(caller, ORDERS))
                .isEqualTo(Optional.ofNullable(signed))
                .isPresent();
    }

    @Test
    void atOnceWhenASignatureIsQuickThenSigned() {
        IdentityTokenSigner quick = TestTokens.quickIdentitySigner(clock);
        assumeThat(quick.isQuick())
                .as("Conscrypt loads here: Linux with glibc, x86_64 or ARM")
                .isTrue();

        assertThat(propagation(quick, 1, 10).atOnce(caller, ORDERS))
                .hasValueSatisfying(identity -> assertThat(identity.token()).isPresent());
    }

    /** Twenty requests of a page come at the same time. */
    @Test
    void ofWhenRequestsOfASessionComeTogetherThenOneSignature() throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        IdentityPropagation slow = propagation(TestTokens.identitySigner(clock), 1, 100);
        occupy(slow, held);
        List<CompletableFuture<BackendToken>> all = IntStream.range(0, 20)
                .mapToObj(i -> slow.of(caller, ORDERS)
                        .map(identity -> identity.token().orElseThrow())
                        .toFuture())
                .toList();
        held.countDown();

        assertThat(all)
                .allSatisfy(one -> assertThat(one)
                        .succeedsWithin(LIMIT)
                        .as("the very token: RS256 signs alike each time")
                        .isSameAs(all.get(0).join()));
    }

    /** The provider has just said another name of the user, and a request from before is still waiting. */
    @Test
    void ofWhenTheNameHasChangedThenASignatureOfItsOwn() throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        IdentityPropagation slow = propagation(TestTokens.identitySigner(clock), 1, 100);
        occupy(slow, held);
        CompletableFuture<OutboundIdentity> before = slow.of(caller, ORDERS).toFuture();
        CompletableFuture<OutboundIdentity> after =
                slow.of(renamed("Ada King"), ORDERS).toFuture();
        held.countDown();

        assertThat(after).succeedsWithin(LIMIT);
        assertThat(before).succeedsWithin(LIMIT);
        assertThat(after.join().token()).isNotEqualTo(before.join().token());
    }

    private AccessClaims renamed(String name) {
        return TestClaims.access(
                caller.subject(),
                caller.session(),
                caller.generation(),
                caller.id(),
                TestClaims.times(caller.issuedAt(), caller.expiresAt(), caller.authTime()),
                caller.roles(),
                new IdTokenClaims(Optional.of(name), Optional.empty(), Optional.empty(), Optional.empty()));
    }

    @Test
    void ofWhenTooManyWaitThenRejected() throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        IdentityPropagation slow = propagation(TestTokens.identitySigner(clock), 1, 1);
        occupy(slow, held);
        CompletableFuture<OutboundIdentity> waiting = slow.of(caller, ORDERS).toFuture();

        StepVerifier.create(slow.of(TestTokens.accessClaims(NOW), ORDERS))
                .expectError(RejectedExecutionException.class)
                .verify(LIMIT);
        held.countDown();
        assertThat(waiting).succeedsWithin(LIMIT);
    }

    /** The thread that signs reads the clock and waits there. */
    private void occupy(IdentityPropagation propagation, CountDownLatch held) throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        clock.whenRead(() -> {
            if (Thread.currentThread().getName().startsWith("latchkey-signatures")) {
                reached.countDown();
                await(held);
            }
        });
        propagation.of(TestTokens.accessClaims(NOW), ORDERS).subscribe();
        assertThat(reached.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
