package dev.latchkey.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.provider.Provider.Timing;
import dev.latchkey.gateway.provider.UpstreamTokens;
import dev.latchkey.gateway.session.ProviderClaims;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.SessionKeys;
import dev.latchkey.gateway.session.StoredClaims;
import dev.latchkey.gateway.testing.ProviderTrouble;
import dev.latchkey.gateway.testing.StrictProvider;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What each kind of answer of a provider leads to, on a real Redis and with a provider that forgives nothing. */
final class UpstreamRefreshTests {

    @RegisterExtension
    static final UpstreamWorld WORLD = new UpstreamWorld();

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String TOKEN = "/token";

    private static UpstreamNode other;

    private final StrictProvider provider = WORLD.provider();
    private final StrictProviderClient client = WORLD.client();
    private final UpstreamNode node = WORLD.node();
    private final RedisCommands<String, String> redis = WORLD.redis();
    private ProviderSession session;
    private int reusedBefore;

    @BeforeAll
    static void open() {
        other = WORLD.openNode();
    }

    @AfterAll
    static void close() {
        other.close();
    }

    @BeforeEach
    void begin() {
        provider.heal();
        provider.behave(behaviour -> behaviour.idTokenClaims(Map.of()));
        client.timing(
                new Timing(Duration.ofSeconds(8), Duration.ofSeconds(12), Duration.ofSeconds(5), Duration.ofHours(1)));
        client.keysAreAway(false);
        redis.flushall();
        session = ProviderSession.begin(node, client, redis, Map.of("roles", List.of("staff")));
        provider.received().clear();
        reusedBefore = provider.reused();
    }

    @Test
    void grantedWhenDueThenStoredAndTheNextRefreshWorks() {
        for (int round = 2; round <= 4; round++) {
            session.becomeDue();
            assertThat(session.rotated(node)).isEqualTo("ROTATED");
            awaitNumber(round);
            assertThat(provider.tokenRequests("refresh_token")).isEqualTo(round - 1);
        }
        assertThat(provider.reused()).isEqualTo(reusedBefore);
        assertThat(provider.isGood(tokens().refresh().orElseThrow())).isTrue();
        assertThat(session.held("sealed")).doesNotContain("refresh-");
    }

    @Test
    void grantedWhenRolesWereWithdrawnThenTheNextRotationHasTheOthers() {
        provider.behave(behaviour -> behaviour.idTokenClaims(Map.of("roles", List.of("guest"))));
        refresh();
        awaitNumber(2);
        await(() -> assertThat(session.recorded("claims")).contains("guest").doesNotContain("staff"));
        session.becomeDue();
        List<String> roles = session.rotate(other, session.generation())
                .fold(
                        granted -> granted.session()
                                .provider()
                                .orElseThrow()
                                .roles()
                                .names(),
                        refused -> List.of(),
                        List::of);
        assertThat(roles).containsExactly("guest");
    }

    @Test
    void grantedWhenTheProviderDoesNotRotateThenTheRefreshTokenStays() {
        String before = tokens().refresh().orElseThrow();
        provider.behave(behaviour -> behaviour.rotates(false));
        refresh();
        awaitNumber(2);
        provider.behave(behaviour -> behaviour.rotates(true));
        assertThat(tokens().refresh()).contains(before);
        refresh();
        awaitNumber(3);
    }

    @Test
    void grantedWhenThereIsNoIdTokenThenWhatWasSaidStays() {
        String before = session.recorded("claims");
        String hint = hint().orElseThrow();
        provider.behave(behaviour -> behaviour.refreshesIdToken(false));
        refresh();
        awaitNumber(2);
        provider.behave(behaviour -> behaviour.refreshesIdToken(true));
        assertThat(session.recorded("claims")).isEqualTo(before);
        assertThat(hint()).contains(hint);
    }

    /** It need not, and a user who has just signed in is not asked to do so again because of that. */
    @Test
    void grantedWhenTheIdTokenDoesNotSayWhenTheUserSignedInThenThatStays() {
        Optional<Instant> before = signedInAtProvider();
        provider.behave(behaviour -> behaviour.idTokenClaims(Map.of("auth_time", "", "name", "Ada King")));
        refresh();
        awaitNumber(2);
        await(() -> assertThat(session.recorded("claims")).contains("Ada King"));
        assertThat(signedInAtProvider()).isPresent().isEqualTo(before);
    }

    private Optional<Instant> signedInAtProvider() {
        return said().flatMap(ProviderClaims::authTime);
    }

    private Optional<ProviderClaims> said() {
        return StoredClaims.parse(session.recorded("claims")).flatMap(StoredClaims::provider);
    }

    /** Nor need it say how: a user who has signed in by a second factor is not asked for it again. */
    @Test
    void grantedWhenTheIdTokenDoesNotSayHowTheUserSignedInThenThatStays() {
        session = ProviderSession.begin(node, client, redis, Map.of("acr", "gold"));
        provider.behave(behaviour -> behaviour.idTokenClaims(Map.of("acr", "", "name", "Ada King")));
        refresh();
        awaitNumber(2);
        await(() -> assertThat(session.recorded("claims")).contains("Ada King"));
        assertThat(said().flatMap(ProviderClaims::acr)).contains("gold");
    }

    @Test
    void grantedWhenAnIdTokenComesThenItIsTheHintAtSignOut() {
        String before = hint().orElseThrow();
        provider.behave(behaviour -> behaviour.idTokenClaims(Map.of("name", "Ada King")));
        refresh();
        awaitNumber(2);
        assertThat(hint()).isPresent().isEqualTo(tokens().idToken()).isNotEqualTo(Optional.of(before));
    }

    /** Stored before it is judged: else the only good token would be thrown away. */
    @Test
    void grantedWhenTheKeysAreAwayThenStoredAndTheSessionGoesOn() {
        client.keysAreAway(true);
        refresh();
        awaitNumber(2);
        client.keysAreAway(false);
        assertThat(provider.isGood(tokens().refresh().orElseThrow())).isTrue();
        refresh();
        awaitNumber(3);
    }

    @Test
    void grantedWhenTheIdTokenIsAboutSomeoneElseThenEndedHereAndThere() {
        provider.behave(behaviour -> behaviour.idTokenClaims(Map.of("sub", "eve")));
        refresh();
        await(() -> assertThat(session.ended()).isEqualTo("upstream"));
        await(() -> assertThat(provider.received("/revoke")).isNotEmpty());
        assertThat(session.rotated(other)).isEqualTo("REVOKED");
    }

    @Test
    void refusedWhenCertainThenTheSessionEndsOnEveryNode() {
        provider.signOut();
        refresh();
        await(() -> assertThat(session.ended()).isEqualTo("upstream"));
        assertThat(session.rotated(other)).isEqualTo("REVOKED");
        await(() -> assertThat(other.denylist()
                        .isRevoked(
                                session.view().subject(),
                                session.id(),
                                session.view().created()))
                .isTrue());
        assertThat(node.audit()).anyMatch(event -> event.startsWith("session-revoked") && event.contains("upstream"));
    }

    /** The provider rotated, and its answer was lost: its next refusal is our doing, and denies nobody. */
    @Test
    void refusedWhenAnAnswerWasLostThenLapsed() {
        client.timing(new Timing(
                Duration.ofSeconds(2), Duration.ofMillis(2100), Duration.ofMillis(100), Duration.ofHours(1)));
        provider.next(TOKEN, ProviderTrouble.loses());
        double lapsed = node.count(RefreshOutcome.LAPSED) + other.count(RefreshOutcome.LAPSED);
        refresh();
        await(() -> assertThat(session.recorded("since")).isNotNull());
        await(() -> {
            other.bean(Orphans.class).look().block(LIMIT);
            assertThat(session.recorded("lapsed")).isEqualTo("1");
        });
        await(() -> assertThat(node.count(RefreshOutcome.LAPSED) + other.count(RefreshOutcome.LAPSED))
                .isEqualTo(lapsed + 1));
        assertThat(provider.tokenRequests("refresh_token")).isEqualTo(2);
        assertThat(session.rotated(node)).isEqualTo("LAPSED");
        assertThat(session.ended()).isEmpty();
        assertThat(node.denylist()
                        .isRevoked(
                                session.view().subject(),
                                session.id(),
                                session.view().created()))
                .isFalse();
    }

    /** Another node has stored a late answer: who waits here must not hear that the session has ended or lapsed. */
    @Test
    void refusedWhenNewerTokensAreHeldMeanwhileThenTheseAreFound() {
        refresh();
        awaitNumber(2);
        Claim.Mine ofTheOlder = new Claim.Mine(
                1, 1, true, StrictProviderClient.NAME, session.view().subject(), "", "", true);
        assertThat(node.bean(LostTokens.class).refused(session.id(), ofTheOlder).block(LIMIT))
                .isEqualTo(RefreshOutcome.FRESH);
        assertThat(session.recorded("lapsed")).isNull();
    }

    @Test
    void troubleWhenTheProviderSaysWhenToComeAgainThenNobodyComesBefore() {
        provider.always(TOKEN, ProviderTrouble.answers(429, Map.of("Retry-After", "3600"), ""));
        refresh();
        await(() -> assertThat(session.held("next")).isNotNull());
        session.becomeDue();
        session.rotated(other);
        session.rotated(other);
        await(() -> assertThat(other.count(RefreshOutcome.BACKOFF)).isPositive());
        assertThat(provider.tokenRequests("refresh_token")).isEqualTo(1);
        assertThat(Long.parseLong(session.held("next")) - System.currentTimeMillis())
                .as("five minutes at most")
                .isBetween(200_000L, 300_000L);
        provider.heal();
        session.waitNoMore();
        refresh();
        awaitNumber(2);
        assertThat(session.recorded("since")).isNull();
    }

    @Test
    void troubleWhenThisGatewayIsRefusedThenNoSessionEnds() {
        provider.next(TOKEN, ProviderTrouble.error(401, "invalid_client"));
        double ours = node.count(RefreshOutcome.OURS);
        refresh();
        await(() -> assertThat(node.count(RefreshOutcome.OURS)).isEqualTo(ours + 1));
        assertThat(session.rotated(other)).isIn("ROTATED", "REPLAYED");
        assertThat(session.ended()).isEmpty();
        session.waitNoMore();
        refresh();
        awaitNumber(2);
    }

    /** A status that does not say whether the token was used: it is not sent again before the lease and the wait. */
    @Test
    void unknownWhenA500ComesThenTheTokenIsNotSentAgainAtOnce() {
        provider.next(TOKEN, ProviderTrouble.answers(500, Map.of(), "<h1>oops</h1>"));
        double unknown = node.count(RefreshOutcome.UNKNOWN);
        refresh();
        await(() -> assertThat(node.count(RefreshOutcome.UNKNOWN)).isEqualTo(unknown + 1));
        session.waitNoMore();
        double held = other.count(RefreshOutcome.HELD);
        session.becomeDue();
        session.rotated(other);
        await(() -> assertThat(other.count(RefreshOutcome.HELD)).isGreaterThan(held));
        assertThat(provider.tokenRequests("refresh_token")).isEqualTo(1);
        assertThat(session.ended()).isEmpty();
    }

    @Test
    void claimWhenTheCallWouldNotFitIntoTheLeaseThenNothingIsSent() {
        client.timing(
                new Timing(Duration.ofSeconds(8), Duration.ofSeconds(8), Duration.ofSeconds(5), Duration.ofHours(1)));
        double unsent = node.count(RefreshOutcome.UNSENT);
        refresh();
        await(() -> assertThat(node.count(RefreshOutcome.UNSENT)).isEqualTo(unsent + 1));
        assertThat(provider.tokenRequests("refresh_token")).isZero();
        assertThat(session.held("open")).isEqualTo("0");
    }

    @Test
    void storeWhenSignedOutDuringTheCallThenTheNewTokenIsGivenBack() {
        provider.next(TOKEN, ProviderTrouble.answersAfter(Duration.ofSeconds(1)));
        refresh();
        await(() -> assertThat(provider.tokenRequests("refresh_token")).isEqualTo(1));
        node.revoker()
                .revoke(session.view().subject(), session.id(), RevocationReason.SIGNED_OUT)
                .block(LIMIT);
        await(() -> assertThat(provider.received("/revoke")).hasSize(2));
        assertThat(session.ended()).isEqualTo("signed-out");
        assertThat(redis.exists(SessionKeys.upstream(session.id()), SessionKeys.record(session.id())))
                .isZero();
    }

    @Test
    void sessionWhenItEndsThenTheProviderIsToldOnce() {
        String refresh = tokens().refresh().orElseThrow();
        other.revoker()
                .revoke(session.view().subject(), session.id(), RevocationReason.SIGNED_OUT)
                .block(LIMIT);
        node.revoker()
                .revoke(session.view().subject(), session.id(), RevocationReason.SIGNED_OUT)
                .block(LIMIT);
        await(() -> assertThat(provider.isGood(refresh)).isFalse());
        assertThat(provider.received("/revoke")).hasSize(1);
    }

    /** As after a step-up: with one refresh token, the provider revokes all of the client in its session. */
    @Test
    void sessionWhenItEndsAndAnotherLivesByTheSameSessionThereThenTheProviderIsToldWithTheLast() {
        ProviderSession later = ProviderSession.begin(node, client.signInAgain(), redis);
        end(session);
        await(() -> assertThat(session.held("sealed")).isNull());
        later.becomeDue();
        later.rotated(node);
        await(() -> assertThat(later.number()).isEqualTo(2));
        String last = tokens(later).refresh().orElseThrow();

        end(later);
        await(() -> assertThat(provider.isGood(last)).isFalse());
        assertThat(provider.received("/revoke"))
                .singleElement()
                .satisfies(revoked -> assertThat(revoked.form()).containsEntry("token", last));
    }

    private void end(ProviderSession ended) {
        node.revoker()
                .revoke(ended.view().subject(), ended.id(), RevocationReason.SIGNED_IN_OVER)
                .block(LIMIT);
    }

    /** Someone who can write to Redis still cannot give one user the tokens of another. */
    @Test
    void tokensWhenPutIntoAnotherSessionThenNeverSent() {
        ProviderSession eve = ProviderSession.begin(node, client, redis, Map.of());
        redis.hset(SessionKeys.upstream(eve.id()), "sealed", session.held("sealed"));
        provider.received().clear();
        eve.becomeDue();
        eve.rotated(node);
        await(() -> assertThat(eve.recorded("lapsed")).isEqualTo("1"));
        assertThat(provider.tokenRequests("refresh_token")).isZero();
        assertThat(node.upstreams().accessToken(eve.caller(), Optional.empty()).block(LIMIT))
                .isEqualTo(Relayed.Without.ENDED);
    }

    private Optional<String> hint() {
        return Objects.requireNonNull(node.upstreams().idTokenHint(session.id()).block(LIMIT));
    }

    private void refresh() {
        session.becomeDue();
        session.rotated(node);
    }

    private UpstreamTokens tokens() {
        return tokens(session);
    }

    private UpstreamTokens tokens(ProviderSession of) {
        return node.bean(Sealer.class)
                .open(StrictProviderClient.NAME, of.id(), of.number(), Objects.requireNonNull(of.held("sealed")))
                .orElseThrow()
                .tokens();
    }

    private void awaitNumber(long number) {
        await(() -> assertThat(session.number()).isEqualTo(number));
        await(() -> assertThat(node.bean(UpstreamRefresh.class).inFlight()).isZero());
    }

    private static void await(ThrowingRunnable condition) {
        Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).untilAsserted(condition);
    }
}
