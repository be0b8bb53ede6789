package dev.latchkey.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.device.DeviceProof;
import dev.latchkey.gateway.session.SessionRevoker.EndOutcome;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.TestClaims;
import dev.latchkey.gateway.token.TokenId;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The session room on a Redis with replicas, and its calls in words. */
final class ReplicatedRoom implements AutoCloseable {

    private static final String DEVICE = "A".repeat(44);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Subject ADA = new Subject("ada");
    private static final TokenId BRANCH = new TokenId("0123456789abcdef");

    private final SessionRoom room;

    private ReplicatedRoom(SessionRoom room) {
        this.room = room;
    }

    static ReplicatedRoom open(Map<String, Object> redis) {
        Map<String, Object> properties = new HashMap<>(redis);
        properties.putIfAbsent("spring.data.redis.timeout", "4s");
        return new ReplicatedRoom(SessionRoom.open(properties));
    }

    RedisSessionStore store() {
        return room.store();
    }

    SessionId create() {
        return Objects.requireNonNull(store().create(ada()).block(LIMIT)).fold(view -> view.id(), () -> {
            throw new AssertionError("Redis is there");
        });
    }

    /** How many of {@code count} sessions created at once exist. */
    long createMany(int count) {
        return Objects.requireNonNull(Flux.range(0, count)
                .flatMap(number -> store().create(ada()), count)
                .filter(RedisResult.Answered.class::isInstance)
                .count()
                .block(LIMIT));
    }

    private static NewSession ada() {
        return new NewSession(ADA, "stamp", new ClientFacts("", ""));
    }

    RevokeOutcome revoke(SessionId session) {
        return Objects.requireNonNull(
                room.revoker().revoke(ADA, session, RevocationReason.SIGNED_OUT).block(LIMIT));
    }

    Mono<EndOutcome> end(RefreshClaims claims) {
        return room.revoker().end(claims, RevocationReason.USER_GONE);
    }

    /** What the audit log was told. */
    Queue<AuditEvent> audit() {
        return room.audit();
    }

    RevokeOutcome revokeAll() {
        return Objects.requireNonNull(room.revoker()
                .revokeAll(ADA, RevocationReason.SIGNED_OUT_EVERYWHERE)
                .block(LIMIT));
    }

    void confirm(SessionId session) {
        store().confirm(session, Generation.FIRST).block(LIMIT);
    }

    CommitOutcome commit(SessionId session, boolean withRefresh) {
        return Objects.requireNonNull(
                store().commit(session, Generation.FIRST, withRefresh).block(LIMIT));
    }

    RefreshClaims claims(SessionId session) {
        return claims(session, 1);
    }

    RefreshClaims claims(SessionId session, int generation) {
        Instant now = Instant.now();
        return TestClaims.refresh(ADA, session, new Generation(generation), BRANCH, now, now.plusSeconds(60), now);
    }

    /** The row, and whether it mints a refresh token. */
    String rotate(RefreshClaims claims) {
        return inWords(store().rotate(claims));
    }

    /** The same with the proof by which a browser registers its key. */
    String register(RefreshClaims claims) {
        return inWords(store().rotate(claims, new DeviceProof(DEVICE, Generation.FIRST, true)));
    }

    /** The same with a proof of the registered key, by the challenge of the presented generation. */
    String prove(RefreshClaims claims) {
        return inWords(store().rotate(claims, new DeviceProof(DEVICE, claims.generation(), false)));
    }

    private static String inWords(Mono<RotateOutcome> rotation) {
        return Objects.requireNonNull(rotation.block(LIMIT))
                .fold(
                        granted -> granted.row().name() + (granted.mintsRefresh() ? " with refresh" : ""),
                        refused -> refused.row().name(),
                        () -> "unavailable");
    }

    /** Makes what a master knows of a session older than grace, and rotates a generation of it away. */
    void rotateLater(RedisProcess master, RefreshClaims claims) {
        age(master, claims.session());
        assertThat(rotate(claims)).isEqualTo("ROTATED with refresh");
    }

    /** All times of a record count from its beginning. */
    void age(RedisProcess master, SessionId session) {
        master.say("HINCRBY " + SessionKeys.record(session) + " created -"
                + Duration.ofMinutes(1).toMillis());
    }

    /** How many writes were reported as not confirmed. */
    double unacknowledged() {
        return room.bean(MeterRegistry.class)
                .get("latchkey.redis.unacknowledged")
                .counter()
                .count();
    }

    @Override
    public void close() {
        room.close();
    }
}
