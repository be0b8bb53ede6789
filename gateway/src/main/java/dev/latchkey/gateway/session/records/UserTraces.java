package dev.latchkey.gateway.session.records;

import dev.latchkey.gateway.denylist.DenylistKeys;
import dev.latchkey.gateway.denylist.Shard;
import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.session.UserSessionIndex;
import dev.latchkey.gateway.token.Subject;
import java.util.List;
import java.util.Map;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The places where a user's name stays after their last session. */
@Component
public final class UserTraces {

    private static final RedisScript<?> NAMELESS =
            TimedScripts.read("dev/latchkey/gateway/session/records/nameless.lua");

    private static final int AT_ONCE = 8;

    private final RedisClient redis;
    private final TimedScripts scripts;
    private final UserSessionIndex index;

    UserTraces(RedisClient redis, TimedScripts scripts, UserSessionIndex index) {
        this.redis = redis;
        this.scripts = scripts;
        this.index = index;
    }

    /**
     * Takes the name out of all tombstones and removes the index of the user's sessions, which must have ended before.
     * Reads every tombstone, page by page: a million of them take seconds. Fails on any trouble with Redis; to do it
     * again does the rest.
     *
     * @return how many tombstones had the name
     */
    public Mono<Long> erase(Subject subject) {
        return Flux.range(0, Shard.COUNT)
                .map(Shard::new)
                .flatMap(shard -> eraseFrom(shard, subject), AT_ONCE)
                .count()
                .flatMap(count -> index.forget(subject).thenReturn(count));
    }

    private Flux<String> eraseFrom(Shard shard, Subject subject) {
        String key = DenylistKeys.ended(shard);
        return redis.scan(key)
                .onErrorResume(RedisClient::isOfAnotherType, broken -> Flux.empty())
                .filter(entry -> Tombstone.parse(entry.getValue())
                        .filter(left -> left.mayBeOf(subject.value()))
                        .isPresent())
                .map(Map.Entry::getKey)
                .flatMap(session -> scripts.run(NAMELESS, List.of(key), session).thenReturn(session), AT_ONCE);
    }
}
