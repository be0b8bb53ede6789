package dev.latchkey.gateway.upstream;

import dev.latchkey.gateway.denylist.DenylistKeys;
import dev.latchkey.gateway.denylist.Shard;
import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.redis.ScriptAnswer;
import dev.latchkey.gateway.session.SessionKeys;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.token.SessionId;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.data.redis.core.script.RedisScript;

/** The scripts of this room on a real server by a clock that only tests move, and one session of a provider's user. */
final class UpstreamRig implements BeforeEachCallback, AfterAllCallback {

    static final long LEASE = 12_000;
    static final long WAIT = 5_000;
    static final long DUE = 100_000;
    static final long HARD = 300_000;
    static final long IDLE = 3_600_000;

    static final SessionId SESSION = new SessionId("AbCdEfGhIjKlMnOpQrStUQ");
    static final String RECORD = SessionKeys.record(SESSION);
    static final String HELD = SessionKeys.upstream(SESSION);
    static final String OPEN = UpstreamStore.open(Shard.of(SESSION));

    private static final long START = 1_800_000_000_000L;
    private static final String ENDED = DenylistKeys.ended(Shard.of(SESSION));
    private static final RedisScript<?> CREATE = ofSession("create");
    private static final RedisScript<?> REVOKE = ofSession("revoke");

    private final RedisProcess server = RedisProcess.start();
    private final RedisClient client = RedisClient.create(server.uri());
    private final RedisCommands<String, String> redis = client.connect().sync();

    private long now;

    private static RedisScript<?> ofSession(String name) {
        return TimedScripts.read(
                "dev/latchkey/gateway/denylist/deny.lua",
                "dev/latchkey/gateway/session/prelude.lua",
                "dev/latchkey/gateway/session/" + name + ".lua");
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        begin();
    }

    /** Forgets all there was, and begins the session with the tokens "sealed-1" at the beginning of time. */
    void begin() {
        redis.flushall();
        now = START;
        run(
                CREATE,
                List.of(RECORD, ENDED),
                "keycloak|ada",
                "{\"stamp\":\"\"}",
                "",
                "",
                IDLE,
                2 * IDLE,
                SESSION.value(),
                0);
        put("sealed-1");
    }

    @Override
    public void afterAll(ExtensionContext context) {
        client.shutdown();
        server.close();
    }

    RedisCommands<String, String> redis() {
        return redis;
    }

    long now() {
        return now;
    }

    void pass(long millis) {
        now += millis;
    }

    String put(String sealed) {
        return run(UpstreamStore.PUT, "keycloak", sealed, DUE, HARD).text(1);
    }

    ScriptAnswer claim(String reason, String claimer) {
        return claim(LEASE, WAIT, reason, claimer);
    }

    ScriptAnswer claim(long lease, long wait, String reason, String claimer) {
        return run(UpstreamStore.CLAIM, SESSION.value(), lease, wait, reason, claimer);
    }

    /** In a word, with the tokens' number and whether a refusal would be uncertain where it is claimed. */
    String claimed(String reason, String claimer) {
        ScriptAnswer answer = claim(reason, claimer);
        return answer.text(1).equals("CLAIMED")
                ? "CLAIMED " + answer.number(3) + (answer.number(5) == 1 ? " uncertain" : "")
                : answer.text(1);
    }

    long fence() {
        return Long.parseLong(Objects.requireNonNullElse(redis.hget(HELD, "fence"), "0"));
    }

    String release(long fence, String kind) {
        return release(fence, 0, kind);
    }

    String release(long fence, long least, String kind) {
        return run(UpstreamStore.RELEASE, SESSION.value(), fence, least, 1_000, 60_000, 100, kind)
                .text(1);
    }

    String store(long number, String sealed) {
        return store(number, sealed, DUE);
    }

    String store(long number, String sealed, long due) {
        return run(UpstreamStore.STORE, SESSION.value(), number, sealed, due, HARD)
                .text(1);
    }

    String lapse(long number) {
        return run(UpstreamStore.LAPSE, SESSION.value(), number).text(1);
    }

    void revoke() {
        run(
                REVOKE,
                List.of(RECORD, DenylistKeys.denied(Shard.of(SESSION)), ENDED),
                SESSION.value(),
                "signed-out",
                60_000);
    }

    ScriptAnswer run(RedisScript<?> script, Object... arguments) {
        return run(script, UpstreamStore.keys(SESSION), arguments);
    }

    private ScriptAnswer run(RedisScript<?> script, List<String> keys, Object... arguments) {
        String[] texts = Stream.concat(Stream.of(arguments), Stream.of(now, ""))
                .map(String::valueOf)
                .toArray(String[]::new);
        List<Object> parts =
                redis.eval(script.getScriptAsString(), ScriptOutputType.MULTI, keys.toArray(String[]::new), texts);
        return new ScriptAnswer(parts);
    }

    Map<String, String> record() {
        return redis.hgetall(RECORD);
    }

    Map<String, String> held() {
        return redis.hgetall(HELD);
    }

    Map<String, String> open() {
        return redis.hgetall(OPEN);
    }

    /** What a replica would have of it. */
    List<Map<String, String>> copy() {
        return List.of(record(), held(), open());
    }

    /** Puts back what was there: a failover that loses what was written since. */
    void failover(List<Map<String, String>> copy) {
        List<String> keys = List.of(RECORD, HELD, OPEN);
        for (int i = 0; i < keys.size(); i++) {
            redis.del(keys.get(i));
            if (!copy.get(i).isEmpty()) {
                redis.hset(keys.get(i), copy.get(i));
            }
        }
    }
}
