package dev.latchkey.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.denylist.Shard;
import dev.latchkey.gateway.provider.TokenAnswer.Granted;
import dev.latchkey.gateway.session.ClientFacts;
import dev.latchkey.gateway.session.NewSession;
import dev.latchkey.gateway.session.RotateOutcome;
import dev.latchkey.gateway.session.RotateOutcome.UpstreamState;
import dev.latchkey.gateway.session.SessionKeys;
import dev.latchkey.gateway.session.SessionView;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.TestClaims;
import dev.latchkey.gateway.token.TokenId;
import dev.latchkey.gateway.upstream.Upstreams.BeginOutcome;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A session of a provider's user, as its requests and Redis see it. */
final class ProviderSession {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final TokenId BRANCH = new TokenId("0123456789abcdef");

    private final RedisCommands<String, String> redis;
    private final AtomicInteger generation = new AtomicInteger(1);
    private final SessionView view;

    private ProviderSession(SessionView view, RedisCommands<String, String> redis) {
        this.view = view;
        this.redis = redis;
    }

    /** Signs in at the provider and begins a session on a node. */
    static ProviderSession begin(
            UpstreamNode node,
            StrictProviderClient client,
            RedisCommands<String, String> redis,
            Map<String, Object> claims) {
        return begin(node, client.signIn("ada", claims), redis);
    }

    static ProviderSession begin(UpstreamNode node, Granted granted, RedisCommands<String, String> redis) {
        ProviderSession session = new ProviderSession(created(node, granted), redis);
        assertThat(begun(node, session.view, granted)).isEqualTo(BeginOutcome.BEGUN);
        return session;
    }

    static ProviderSession of(SessionView view, RedisCommands<String, String> redis) {
        return new ProviderSession(view, redis);
    }

    static SessionView created(UpstreamNode node, Granted granted) {
        NewSession asked = new NewSession(
                new Subject("strict|ada"),
                "",
                new ClientFacts("", ""),
                Optional.of(Upstreams.claims(
                        StrictProviderClient.user(granted.tokens().idToken().orElseThrow()))));
        return Objects.requireNonNull(node.sessions().create(asked).block(LIMIT))
                .fold(created -> created, () -> {
                    throw new AssertionError("Redis is there");
                });
    }

    static BeginOutcome begun(UpstreamNode node, SessionView view, Granted granted) {
        return Objects.requireNonNull(node.upstreams()
                .begin(
                        view,
                        StrictProviderClient.user(granted.tokens().idToken().orElseThrow()),
                        granted)
                .block(LIMIT));
    }

    SessionId id() {
        return view.id();
    }

    SessionView view() {
        return view;
    }

    /** Whose requests these are, to a route. */
    AccessClaims caller() {
        return TestClaims.access(
                view.subject(),
                id(),
                view.generation(),
                BRANCH,
                TestClaims.times(view.now(), view.expires(), view.created()),
                Roles.NONE);
    }

    /** As if time had passed: the session's tokens are old enough to rotate, and the provider's are due. */
    void becomeDue() {
        String record = SessionKeys.record(id());
        long created = Long.parseLong(redis.hget(record, "created")) - 60_000;
        redis.hset(record, Map.of("created", Long.toString(created), "due", "0"));
    }

    /** As if the provider's access token had ended. */
    void end() {
        redis.hset(SessionKeys.upstream(id()), "hard", "1");
    }

    /** As if a backoff were over. */
    void waitNoMore() {
        redis.hset(SessionKeys.upstream(id()), "next", "0");
    }

    /** A request with the refresh token of the current generation, which does what the gateway does. */
    RotateOutcome rotate(UpstreamNode node, int presented) {
        RotateOutcome outcome =
                Objects.requireNonNull(node.sessions().rotate(claims(presented)).block(LIMIT));
        outcome.fold(
                granted -> {
                    generation.accumulateAndGet(granted.session().generation().number(), Math::max);
                    if (granted.upstream().filter(UpstreamState::isDue).isPresent()) {
                        node.upstreams().due(granted.session());
                    }
                    return true;
                },
                refused -> false,
                () -> false);
        return outcome;
    }

    String rotated(UpstreamNode node) {
        return rotate(node, generation.get())
                .fold(granted -> granted.row().name(), refused -> refused.row().name(), () -> "UNAVAILABLE");
    }

    int generation() {
        return generation.get();
    }

    private RefreshClaims claims(int presented) {
        return TestClaims.refresh(
                view.subject(), id(), new Generation(presented), BRANCH, view.now(), view.expires(), view.created());
    }

    /** How often the provider's tokens were refreshed, and one. */
    long number() {
        return Long.parseLong(Objects.requireNonNullElse(held("u"), "0"));
    }

    String held(String field) {
        return redis.hget(SessionKeys.upstream(id()), field);
    }

    String recorded(String field) {
        return redis.hget(SessionKeys.record(id()), field);
    }

    /** Why it ended; empty while it lives. */
    String ended() {
        String tombstone = redis.hget("latchkey:ended:" + Shard.of(id()).tag(), id().value());
        return tombstone == null ? "" : tombstone.split(",", -1)[0];
    }
}
