package dev.latchkey.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.Subject;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** What the store makes of claims and of lists of sessions that cannot be read. */
final class BrokenSessionTests {

    @RegisterExtension
    static final RedisProcess REDIS = RedisProcess.start();

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Subject ADA = new Subject("ada");
    private static final String LIST = "latchkey:sessions:{ada}";

    private static SessionRoom room;
    private static RedisClient client;
    private static RedisCommands<String, String> redis;
    private static RedisSessionStore store;

    @BeforeAll
    static void open() {
        room = SessionRoom.open(REDIS, Map.of());
        store = room.store();
        client = RedisClient.create(REDIS.uri());
        redis = client.connect().sync();
    }

    @AfterAll
    static void close() {
        client.shutdown();
        room.close();
    }

    @BeforeEach
    void forget() {
        redis.flushall();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{}", "null", "[]", "{\"stamp\":null}"})
    void rotateWhenTheClaimsAreBrokenThenTheSessionEnds(String claims) {
        SessionView view = create();
        redis.hset(SessionKeys.record(view.id()), "claims", claims);
        assertThat(row(view)).isEqualTo("UNREADABLE");
        assertThat(row(view)).isIn("REVOKED", "UNKNOWN");
    }

    @Test
    void rotateWhenALaterVersionAddedClaimsThenItGoesOn() {
        SessionView view = create();
        redis.hset(SessionKeys.record(view.id()), "claims", "{\"device\":{\"id\":7},\"stamp\":\"stamp\"}");
        assertThat(row(view)).isEqualTo("REPLAYED");
    }

    @Test
    void rotateWhenTheRecordIsOfALaterFormatThenUnavailableAndItStays() {
        SessionView view = create();
        redis.hset(SessionKeys.record(view.id()), "format", "3");
        assertThat(row(view)).isEqualTo("unavailable");
        assertThat(redis.hget(SessionKeys.record(view.id()), "state")).isEqualTo("active");
    }

    @Test
    void listWhenOfAnotherTypeThenASignInMakesItAnew() {
        redis.set(LIST, "junk");
        assertThat(block(room.bean(UserSessionIndex.class).list(ADA))).isEqualTo(new RedisResult.Answered<>(List.of()));
        assertThat(block(room.revoker().revokeOwn(ADA, unknownSession(), RevocationReason.ENDED_BY_OWNER)))
                .isEqualTo(RevokeOutcome.NOT_FOUND);
        SessionView view = create();
        assertThat(listed()).containsExactly(view.id().publicId());
    }

    @Test
    void listWhenItHoldsJunkThenTheRestIsListedAndEndedAllTheSame() {
        SessionView broken = create();
        SessionView other = create();
        SessionView fine = create();
        redis.hset(LIST, Map.of("junk", "junk"));
        redis.hset(SessionKeys.record(broken.id()), "created", "x");
        redis.del(SessionKeys.record(other.id()));
        redis.set(SessionKeys.record(other.id()), "junk");
        assertThat(listed()).containsExactly(fine.id().publicId());
        assertThat(block(room.revoker().revokeAll(ADA, RevocationReason.SIGNED_OUT_EVERYWHERE)))
                .isEqualTo(RevokeOutcome.REVOKED);
        assertThat(row(fine)).isEqualTo("REVOKED");
    }

    private static List<PublicSessionId> listed() {
        return block(room.bean(UserSessionIndex.class).list(ADA))
                .fold(sessions -> sessions.stream().map(SessionSummary::id).toList(), () -> List.of());
    }

    private static PublicSessionId unknownSession() {
        return new PublicSessionId("AbCdEfGhIjKlMnOpQrStUg");
    }

    private static SessionView create() {
        NewSession session = new NewSession(ADA, "stamp", new ClientFacts("Firefox", "::1"));
        return block(store.create(session)).fold(view -> view, () -> {
            throw new AssertionError("Redis is there");
        });
    }

    private static String row(SessionView view) {
        return block(store.rotate(SessionRoom.claims(view, 1)))
                .fold(granted -> granted.row().name(), refused -> refused.row().name(), () -> "unavailable");
    }

    private static <T> T block(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(LIMIT));
    }
}
