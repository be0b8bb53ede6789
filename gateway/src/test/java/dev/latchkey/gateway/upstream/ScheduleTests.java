package dev.latchkey.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.provider.ClientType;
import dev.latchkey.gateway.provider.TokenAnswer.Granted;
import dev.latchkey.gateway.provider.UpstreamTokens;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tokens are refreshed ahead of their end, not all at once, and not without need. */
final class ScheduleTests {

    private static final Duration OWN = Duration.ofMinutes(1);
    private static final Duration LIFE = Duration.ofMinutes(10);

    private final Random random = new Random(7);

    @Test
    void dueWhenTheAccessTokenLivesThenAheadOfItsEnd() {
        Schedule schedule = schedule(LIFE, Optional.empty(), true);
        assertThat(schedule.due().orElseThrow())
                .as("two lives of our own tokens ahead, and a tenth of that at most")
                .isBetween(Duration.ofSeconds(468), Duration.ofSeconds(480));
        assertThat(schedule.hard()).contains(LIFE);
        assertThat(schedule(Duration.ofMinutes(2), Optional.empty(), true).due().orElseThrow())
                .as("no sooner than half of its life, less the spread")
                .isBetween(Duration.ofSeconds(54), Duration.ofSeconds(60));
    }

    @Test
    void dueWhenSessionsBeginTogetherThenIsSpread() {
        Set<Long> moments = IntStream.range(0, 100)
                .mapToObj(i -> schedule(LIFE, Optional.empty(), true)
                        .due()
                        .orElseThrow()
                        .toSeconds())
                .collect(Collectors.toSet());
        assertThat(moments).hasSizeGreaterThan(8);
    }

    @Test
    void dueWhenTheRefreshTokenEndsSoonerThenAheadOfThat() {
        assertThat(schedule(LIFE, Optional.of(Duration.ofMinutes(3)), true).due())
                .contains(Duration.ofSeconds(90));
    }

    @Test
    void dueWhenThereIsNoRefreshTokenThenNever() {
        Schedule schedule = schedule(LIFE, Optional.empty(), false);
        assertThat(schedule.due()).isEmpty();
        assertThat(schedule.hard()).contains(LIFE);
    }

    private Schedule schedule(Duration life, Optional<Duration> refreshLife, boolean hasRefresh) {
        UpstreamTokens tokens = new UpstreamTokens(
                ClientType.CONFIDENTIAL,
                Optional.of("refresh").filter(token -> hasRefresh),
                Optional.of("access"),
                Optional.empty(),
                "",
                Optional.empty());
        return Schedule.of(new Granted(tokens, life, refreshLife), OWN, random);
    }
}
