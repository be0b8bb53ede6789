package dev.latchkey.gateway.testing;

import dev.latchkey.gateway.denylist.DenylistKeys;
import dev.latchkey.gateway.denylist.Shard;
import dev.latchkey.gateway.session.SessionKeys;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.token.SessionId;
import java.time.Duration;

/** A session of a provider's user as Redis holds it, for gateways that live by real clocks. */
public final class StoredSession {

    private static final String NOTHING = "-1";

    /** How many generations a record keeps, and where its field says how long ago one began. */
    private static final int GENERATIONS = 4;

    private static final int FORKED = 2;

    private final RedisProcess redis;
    private final SessionId id;

    public StoredSession(RedisProcess redis, Browser browser) {
        this.redis = redis;
        this.id = new SessionId(browser.session());
    }

    public SessionId id() {
        return id;
    }

    /** As if time had passed: its tokens are old enough to rotate, and the provider's are due. */
    public void becomeDue() {
        age();
        redis.say("HSET " + SessionKeys.record(id) + " due 0");
    }

    /** As if the grace of its newest generation were over, whose field says how long ago it began. */
    private void age() {
        String field = Integer.toString(Integer.parseInt(recorded("gen")) % GENERATIONS);
        String[] packed = recorded(field).split(",", -1);
        packed[FORKED] = Long.toString(Duration.ofMinutes(1).toMillis());
        redis.say("HSET " + SessionKeys.record(id) + " " + field + " " + String.join(",", packed));
    }

    /** As if a backoff were over. */
    public void waitNoMore() {
        redis.say("HSET " + SessionKeys.upstream(id) + " next 0");
    }

    /** How often the provider's tokens were refreshed, and one. */
    public int number() {
        return Integer.parseInt(held("u"));
    }

    /** Whether a call to the provider is claimed, and nobody knows yet what became of it. */
    public boolean isOpen() {
        return held("open").equals("1");
    }

    /** Whether the provider's tokens are lost, and the session does not rotate any more. */
    public boolean isLapsed() {
        return recorded("lapsed").equals("1");
    }

    /** Whether it was ended. */
    public boolean hasEnded() {
        return !redis.say("HGET " + DenylistKeys.ended(Shard.of(id)) + " " + id.value())
                .equals(NOTHING);
    }

    private String held(String field) {
        return redis.say("HGET " + SessionKeys.upstream(id) + " " + field);
    }

    private String recorded(String field) {
        return redis.say("HGET " + SessionKeys.record(id) + " " + field);
    }
}
