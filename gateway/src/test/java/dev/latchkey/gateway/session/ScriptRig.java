package dev.latchkey.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.denylist.DenylistKeys;
import dev.latchkey.gateway.denylist.Shard;
import dev.latchkey.gateway.device.DeviceChallenges;
import dev.latchkey.gateway.device.DeviceProof;
import dev.latchkey.gateway.redis.ScriptAnswer;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.token.SessionId;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.data.redis.core.script.RedisScript;

/** The scripts on a real server by a clock that only tests move, and one session that has just begun. */
final class ScriptRig implements BeforeEachCallback, AfterAllCallback {

    /** How many parts a refusal has that says why. */
    private static final int WITH_REASON = 3;

    static final long GRACE = 10_000;
    static final long ACCESS = 60_000;
    static final long ENTRY = 120_000;
    static final long IDLE = 3_600_000;
    static final long ABSOLUTE = 7_200_000;

    static final SessionId SESSION = new SessionId("AbCdEfGhIjKlMnOpQrStUQ");
    static final String KEY = SessionKeys.record(SESSION);
    static final String DENIED = DenylistKeys.denied(Shard.of(SESSION));

    static final String ENDED = DenylistKeys.ended(Shard.of(SESSION));

    private static final long START = 1_800_000_000_000L;

    private final RedisProcess server = RedisProcess.start();
    private final RedisClient client = RedisClient.create(server.uri());
    private final RedisCommands<String, String> redis = client.connect().sync();

    private long now;

    @Override
    public void beforeEach(ExtensionContext context) {
        begin();
    }

    /** Forgets all there was, and begins the session at the beginning of time. */
    void begin() {
        redis.flushall();
        now = START;
        create(SESSION);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        client.shutdown();
        server.close();
    }

    RedisCommands<String, String> redis() {
        return redis;
    }

    RedisProcess server() {
        return server;
    }

    long now() {
        return now;
    }

    void pass(long millis) {
        now += millis;
    }

    ScriptAnswer create(SessionId session) {
        return run(
                RedisSessionStore.CREATE,
                SessionKeys.recordAndEnded(session),
                "ada.lovelace@shop.example",
                new StoredClaims("ZmVkY2JhOTg3NjU0", Optional.empty()).json(),
                "Samsung Internet on Android",
                "2001:0db8:85a3:0000:0000:8a2e:0370:7334",
                IDLE,
                ABSOLUTE,
                session.value(),
                0);
    }

    ScriptAnswer rotate(int generation, String branch) {
        return rotate(SESSION, generation, branch);
    }

    ScriptAnswer rotate(SessionId session, int generation, String branch) {
        return rotate(session, generation, branch, false);
    }

    ScriptAnswer rotate(SessionId session, int generation, String branch, boolean forced) {
        return rotate(session, generation, branch, forced, Optional.empty());
    }

    /** With what the proof of a device says. */
    ScriptAnswer rotate(SessionId session, int generation, String branch, boolean forced, Optional<DeviceProof> proof) {
        return run(
                RedisSessionStore.ROTATE,
                SessionKeys.allAndUpstream(session),
                session.value(),
                generation,
                branch,
                GRACE,
                IDLE,
                ACCESS,
                ENTRY,
                forced ? 1 : 0,
                proof.map(DeviceProof::key).orElse(""),
                proof.map(made -> made.challenged().number()).orElse(0),
                proof.filter(DeviceProof::registers).isPresent() ? 1 : 0,
                DeviceChallenges.REGISTRATION.toMillis());
    }

    /** What came of a rotation, with a word on the tokens: {@code +both}, {@code +access}, or nothing. */
    String row(int generation, String branch) {
        return row(rotate(generation, branch));
    }

    /** The same where the access token beside it was refused for a withdrawn role. */
    String forcedRow(int generation, String branch) {
        return row(rotate(SESSION, generation, branch, true));
    }

    /** The same with what the proof of a device says. */
    String row(int generation, String branch, DeviceProof proof) {
        return row(rotate(SESSION, generation, branch, false, Optional.of(proof)));
    }

    private static String row(ScriptAnswer answer) {
        if (answer.size() <= WITH_REASON) {
            return answer.text(1);
        }
        return answer.text(1) + (answer.number(6) == 1 ? "+both" : "+access") + " of " + answer.number(2);
    }

    /** Why a session was ended, as its refusal says it; empty if that says nothing. */
    String reason(int generation, String branch) {
        ScriptAnswer answer = rotate(generation, branch);
        return answer.size() == WITH_REASON ? answer.text(2) : "";
    }

    void confirm(int generation) {
        run(RedisSessionStore.CONFIRM, List.of(KEY), generation);
    }

    boolean commit(int generation, boolean withRefresh) {
        return run(RedisSessionStore.COMMIT, List.of(KEY), generation, withRefresh ? 1 : 0, GRACE)
                        .number(1)
                == 1;
    }

    /** What the sign-out script answers. */
    String signOut(int generation, String branch) {
        return run(
                        SessionRevoker.SIGN_OUT,
                        SessionKeys.all(SESSION),
                        SESSION.value(),
                        generation,
                        branch,
                        GRACE,
                        "signed-out",
                        ENTRY)
                .text(1);
    }

    void revoke(String reason) {
        revoke(SESSION, reason);
    }

    void revoke(SessionId session, String reason) {
        run(SessionRevoker.REVOKE, SessionKeys.all(session), session.value(), reason, ENTRY);
    }

    ScriptAnswer run(RedisScript<?> script, List<String> keys, Object... arguments) {
        String[] texts = Stream.concat(Stream.of(arguments), Stream.of(now))
                .map(String::valueOf)
                .toArray(String[]::new);
        List<Object> parts =
                redis.eval(script.getScriptAsString(), ScriptOutputType.MULTI, keys.toArray(String[]::new), texts);
        return new ScriptAnswer(parts);
    }

    Map<String, String> record() {
        return redis.hgetall(KEY);
    }

    /** What is left of the session, empty while it lives. */
    String tombstone() {
        return Objects.requireNonNullElse(redis.hget(ENDED, SESSION.value()), "");
    }

    /** Puts back what was there before: a failover that loses what was written since. */
    void failover(Map<String, String> before) {
        redis.del(KEY);
        if (!before.isEmpty()) {
            redis.hset(KEY, before);
            redis.hdel(ENDED, SESSION.value());
        }
    }

    int generation() {
        return Integer.parseInt(redis.hget(KEY, "gen"));
    }

    long minted(int generation) {
        return Long.parseLong(record().getOrDefault("created", "0")) + Long.parseLong(packed(generation)[1]);
    }

    long forked(int generation) {
        return minted(generation) - Long.parseLong(packed(generation)[2]);
    }

    /** -1 where it is unset. */
    long used(int generation) {
        String used = packed(generation)[3];
        return used.isEmpty() ? -1 : minted(generation) + Long.parseLong(used);
    }

    String branch(int generation) {
        return packed(generation)[4];
    }

    private String[] packed(int generation) {
        String[] packed = redis.hget(KEY, Integer.toString(generation % 4)).split(",", -1);
        assertThat(packed[0]).isEqualTo(Integer.toString(generation));
        return packed;
    }

    /** Whether the denylist refuses an access token of a generation, as nodes read it. */
    boolean denies(int generation) {
        String entry = redis.hget(DENIED, SESSION.value());
        if (entry == null) {
            return false;
        }
        String[] parts = entry.split(",", -1);
        return generation < Long.parseLong(parts[0])
                || (now >= Long.parseLong(parts[2]) && generation < Long.parseLong(parts[1]));
    }

    static SessionId inShardOf(SessionId other, Random random) {
        SessionId session = randomSession(random);
        while (!Shard.of(session).equals(Shard.of(other))) {
            session = randomSession(random);
        }
        return session;
    }

    static SessionId randomSession(Random random) {
        byte[] bits = new byte[16];
        random.nextBytes(bits);
        return new SessionId(Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
    }
}
