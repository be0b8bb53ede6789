package dev.latchkey.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The node's clock, as answers of Redis correct it. */
final class RedisTimeTests {

    private static final Instant NODE = Instant.parse("2026-03-01T12:00:00Z");

    private Instant now = NODE;
    private final RedisTime time = new RedisTime(() -> now);

    @Test
    void instantWhenNothingIsKnownThenTheNodes() {
        assertThat(time.instant()).isEqualTo(NODE);
    }

    @Test
    void instantWhenTheNodeIsSlowThenThatOfRedis() {
        time.learn(time.asking(), NODE.plusSeconds(30));
        assertThat(time.instant()).isEqualTo(NODE.plusSeconds(30));
        now = now.plusSeconds(5);
        assertThat(time.instant()).isEqualTo(NODE.plusSeconds(35));
    }

    @Test
    void instantWhenTheNodeIsFastThenThatOfRedis() {
        time.learn(time.asking(), NODE.minusSeconds(30));
        assertThat(time.instant()).isEqualTo(NODE.minusSeconds(30));
    }

    @Test
    void instantWhenAnAnswerWasSlowThenNotSetBack() {
        time.learn(time.asking(), NODE.plusSeconds(30));
        Instant asked = time.asking();
        now = now.plusMillis(900);
        time.learn(asked, NODE.plusSeconds(30));
        assertThat(time.instant()).isEqualTo(NODE.plusSeconds(30).plusMillis(900));
    }

    @Test
    void instantWhenTheFirstAnswerWasSlowThenNoFartherOffThanItTook() {
        Instant asked = time.asking();
        now = now.plusMillis(900);
        time.learn(asked, NODE.plusSeconds(30));
        Duration error = Duration.between(time.instant(), NODE.plusSeconds(30).plusMillis(900));
        assertThat(error).isBetween(Duration.ZERO, Duration.ofMillis(900));
    }

    @Test
    void instantWhenAnotherServerHasAnotherClockThenItsOwn() {
        time.learn(time.asking(), NODE.plusSeconds(30));
        time.learn(time.asking(), NODE.plusSeconds(10));
        assertThat(time.instant()).isEqualTo(NODE.plusSeconds(10));
    }
}
