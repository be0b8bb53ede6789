package dev.latchkey.gateway.denylist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.denylist.DenylistChannels.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Where changes are published while nodes of two versions run side by side. */
final class DenylistChannelsTests {

    private static final Duration FOR = Duration.ofMinutes(10);

    private long nanos = Long.MAX_VALUE - 5;

    @Test
    void argumentWhenThereIsNoClusterThenTheOneChannel() {
        DenylistChannels channels = new DenylistChannels(false, DenylistKeys.CHANNEL, FOR, () -> nanos);
        assertThat(channels.argument()).isEqualTo("plain");
        assertThat(channels.paths()).containsExactly(Path.PLAIN);
        nanos += FOR.toNanos();
        assertThat(channels.argument()).isEqualTo("plain");
    }

    @Test
    void argumentWhenAnOlderNodeMayBeThereThenBothUntilItWasSilentForLong() {
        DenylistChannels channels = new DenylistChannels(true, DenylistKeys.CHANNEL, FOR, () -> nanos);
        assertThat(channels.argument()).as("not known yet").isEqualTo("both");
        assertThat(channels.paths()).containsExactlyInAnyOrder(Path.PLAIN, Path.SHARDED);
        nanos += FOR.toNanos();
        assertThat(channels.argument()).isEqualTo("sharded");
        assertThat(channels.paths()).containsExactly(Path.SHARDED);
        channels.olderNodeHeard();
        assertThat(channels.argument()).isEqualTo("both");
        nanos += FOR.toNanos() - 1;
        assertThat(channels.argument()).isEqualTo("both");
        nanos++;
        assertThat(channels.argument()).isEqualTo("sharded");
    }

    /** It may be there for good: its user may have fewer rights. */
    @Test
    void argumentWhenANodeListensOnTheOneChannelAloneThenBothUntilItWasSilentForAMinute() {
        DenylistChannels channels = new DenylistChannels(true, DenylistKeys.CHANNEL, Duration.ZERO, () -> nanos);
        assertThat(channels.argument()).isEqualTo("sharded");
        channels.unshardedNodeHeard();
        assertThat(channels.argument()).isEqualTo("both");
        assertThat(channels.paths()).containsExactlyInAnyOrder(Path.PLAIN, Path.SHARDED);
        nanos += Duration.ofMinutes(1).toNanos();
        assertThat(channels.argument()).isEqualTo("sharded");
    }

    @Test
    void argumentWhenAnotherDatabaseIsUsedThenItsOwnChannel() {
        DenylistChannels channels =
                new DenylistChannels(false, DenylistKeys.CHANNEL + ":3", Duration.ZERO, () -> nanos);
        assertThat(channels.argument()).isEqualTo("plain:3");
        assertThat(channels.paths()).containsExactly(Path.PLAIN);
    }

    @Test
    void argumentWhenAServerRefusesThenTheOneChannelUntilAllCan() {
        DenylistChannels channels = new DenylistChannels(true, DenylistKeys.CHANNEL, Duration.ZERO, () -> nanos);
        channels.sharded(false);
        assertThat(channels.argument()).isEqualTo("unsharded");
        assertThat(channels.paths()).containsExactly(Path.PLAIN);
        channels.sharded(true);
        assertThat(channels.argument()).isEqualTo("sharded");
    }
}
