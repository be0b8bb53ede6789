package dev.latchkey.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.core.script.DigestUtils;
import org.springframework.data.redis.core.script.RedisScript;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

final class LuaScriptsTests {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int LOOPS = 2;

    /** BlockHound sees one that waits for another. */
    @Test
    void scriptWhenTwoLoopsSendItFirstThenNoneWaits() {
        Scheduler loops = Schedulers.newParallel("loops", LOOPS);
        try {
            for (int round = 0; round < 500; round++) {
                RedisScript<Long> script = LuaScripts.timed(Long.class, "dev/latchkey/gateway/session/current.lua");
                AtomicInteger ready = new AtomicInteger();
                assertThat(Flux.range(0, LOOPS)
                                .parallel(LOOPS)
                                .runOn(loops)
                                .map(loop -> hashWithOthers(script, ready))
                                .sequential()
                                .collectList()
                                .block(LIMIT))
                        .containsOnly(DigestUtils.sha1DigestAsHex(script.getScriptAsString()));
            }
        } finally {
            loops.dispose();
        }
    }

    private static String hashWithOthers(RedisScript<Long> script, AtomicInteger ready) {
        int there = ready.incrementAndGet();
        while (there < LOOPS) {
            there = ready.get();
        }
        return script.getSha1();
    }
}
