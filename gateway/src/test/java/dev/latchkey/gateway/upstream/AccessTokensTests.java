package dev.latchkey.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.provider.TokenAnswer.Granted;
import dev.latchkey.gateway.provider.UpstreamTokens;
import dev.latchkey.gateway.session.SessionKeys;
import dev.latchkey.gateway.testing.ProviderTrouble;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.upstream.Relayed.Token;
import dev.latchkey.gateway.upstream.Relayed.Unavailable;
import dev.latchkey.gateway.upstream.Relayed.Without;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a route gets of a session's tokens at the edges: no refresh token, bound ones, slow exchanges, revocations. */
final class AccessTokensTests {

    @RegisterExtension
    static final UpstreamWorld WORLD = new UpstreamWorld();

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String TOKENS = "/token";
    private static final Optional<String> AS_ISSUED = Optional.empty();
    private static final Optional<String> ORDERS = Optional.of("orders");

    private final StrictProvider provider = WORLD.provider();
    private final StrictProviderClient client = WORLD.client();
    private final UpstreamNode node = WORLD.node();
    private final RedisCommands<String, String> redis = WORLD.redis();
    private ProviderSession session;

    @BeforeEach
    void begin() {
        provider.heal();
        redis.flushall();
        session = ProviderSession.begin(node, client, redis, Map.of());
        provider.received().clear();
    }

    private Relayed token(Optional<String> audience) {
        return Objects.requireNonNull(
                node.upstreams().accessToken(session.caller(), audience).block(LIMIT));
    }

    private Optional<Relayed> known() {
        return node.upstreams().knownAccessToken(session.id(), AS_ISSUED);
    }

    /** Begins a session with the tokens that the provider granted, changed. */
    private void beginWith(Optional<String> refresh, Optional<String> dpopKey) {
        Granted granted = client.signIn("ada", Map.of());
        UpstreamTokens tokens = granted.tokens();
        UpstreamTokens changed = new UpstreamTokens(
                tokens.client(), refresh, tokens.access(), tokens.idToken(), tokens.scope(), dpopKey);
        Granted other = new Granted(changed, granted.expiresIn(), Optional.empty());
        session = ProviderSession.of(ProviderSession.created(node, other), redis);
        ProviderSession.begun(node, session.view(), other);
        provider.received().clear();
    }

    @Test
    void tokenWhenThereIsNoRefreshTokenThenItIsUsedUntilItEnds() {
        beginWith(Optional.empty(), Optional.empty());
        assertThat(token(AS_ISSUED)).isInstanceOf(Token.class);
        session.end();
        node.bean(AccessTokenCache.class).drop(session.id());
        assertThat(token(AS_ISSUED)).isEqualTo(Without.ENDED);
        assertThat(provider.received()).isEmpty();
    }

    /** A backend has not the key to prove possession with (RFC 9449), and nobody may send it as if it needed none. */
    @Test
    void tokenWhenItIsBoundToAKeyThenItStaysHere() {
        beginWith(Optional.of("refresh"), Optional.of("{}"));
        assertThat(token(AS_ISSUED)).isEqualTo(Without.NONE);
        assertThat(token(ORDERS)).isEqualTo(Without.NONE);
        assertThat(provider.received()).isEmpty();
    }

    /** It could end before its backend sees it, but it has not: nobody waits for a provider that is away. */
    @Test
    void tokenWhenItEndsAtOnceAndTheProviderIsAwayThenItIsUsed() {
        long soon = System.currentTimeMillis() + 1_500;
        redis.hset(SessionKeys.upstream(session.id()), "hard", Long.toString(soon));
        redis.hset(SessionKeys.record(session.id()), "due", "0");
        provider.always(TOKENS, ProviderTrouble.error(503, "temporarily_unavailable"));
        assertThat(token(AS_ISSUED)).isInstanceOf(Token.class);
        assertThat(provider.tokenRequests("refresh_token")).isEqualTo(1);
        assertThat(known()).as("not kept").isEmpty();
    }

    @Test
    void tokenWhenAnExchangeIsSlowThenTheNextGetsWhatItBrought() {
        provider.next(TOKENS, ProviderTrouble.answersAfter(Duration.ofSeconds(5)));
        assertThat(token(ORDERS)).isInstanceOf(Unavailable.class);
        await().atMost(LIMIT).until(() -> token(ORDERS) instanceof Token);
        assertThat(provider.received(TOKENS)).hasSize(1);
    }

    @Test
    void tokenWhenRefreshedThenTheOneBeforeIsForgotten() {
        Relayed old = token(AS_ISSUED);
        session.becomeDue();
        session.rotated(node);
        await().atMost(LIMIT).until(() -> session.number() == 2);
        await().atMost(LIMIT).until(() -> known().isEmpty());
        assertThat(token(AS_ISSUED)).isInstanceOf(Token.class).isNotEqualTo(old);
    }

    /** A revocation that comes while a token is read could miss it. */
    @Test
    void putWhenAnybodyWasRevokedMeanwhileThenNotKept() {
        AccessTokenCache cache = node.bean(AccessTokenCache.class);
        long before = cache.drops(session.id());
        cache.sessionRevoked(session.id());
        cache.put(session.caller(), AS_ISSUED, Token.of("t"), Duration.ofMinutes(1), before);
        assertThat(known()).isEmpty();
        cache.put(session.caller(), AS_ISSUED, Token.of("t"), Duration.ofMinutes(1), cache.drops(session.id()));
        assertThat(known()).isPresent();
    }

    /** An exchange takes its time, and the token that it began with may be void by then. */
    @Test
    void putWhenTheTokensWereRefreshedMeanwhileThenNotKept() {
        AccessTokenCache cache = node.bean(AccessTokenCache.class);
        long before = cache.drops(session.id());
        cache.drop(session.id());
        cache.put(session.caller(), ORDERS, Token.of("old"), Duration.ofMinutes(1), before);
        assertThat(node.upstreams().knownAccessToken(session.id(), ORDERS)).isEmpty();
    }

    @Test
    void putWhenThereAreManyAudiencesThenASessionKeepsFew() {
        AccessTokenCache cache = node.bean(AccessTokenCache.class);
        for (int i = 0; i < 20; i++) {
            cache.put(
                    session.caller(),
                    Optional.of("audience-" + i),
                    Token.of("t"),
                    Duration.ofMinutes(1),
                    cache.drops(session.id()));
        }
        long kept = IntStream.range(0, 20)
                .filter(i ->
                        cache.get(session.id(), Optional.of("audience-" + i)).isPresent())
                .count();
        assertThat(kept).isBetween(1L, 8L);
        assertThat(cache.get(session.id(), Optional.of("audience-19"))).isPresent();
    }

    @Test
    void putWhenOneOfManyIsReadAgainThenTheOthersStay() {
        AccessTokenCache cache = node.bean(AccessTokenCache.class);
        for (int i = 0; i < 9; i++) {
            cache.put(
                    session.caller(),
                    Optional.of("audience-" + i % 8),
                    Token.of("t"),
                    Duration.ofMinutes(1),
                    cache.drops(session.id()));
        }
        assertThat(IntStream.range(0, 8))
                .allMatch(i ->
                        cache.get(session.id(), Optional.of("audience-" + i)).isPresent());
    }

    @Test
    void toStringWhenATokenThenHidden() {
        assertThat(Token.of("secret-token").toString()).doesNotContain("secret");
    }
}
