package dev.latchkey.gateway.pipeline.dpop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.keys.SealingKeysOfTests;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class DpopNoncesTests {

    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

    private final SealingKeysOfTests keys = new SealingKeysOfTests(Duration.ofDays(30));
    private Instant now = START;
    private final DpopNonces one = new DpopNonces(keys.sealing(), () -> now);
    private final DpopNonces other = new DpopNonces(keys.sealing(), () -> now);

    @Test
    void nonceWhenAnotherNodeMadeItThenAcceptedInItsMinuteAndTheNext() {
        String nonce = one.current();
        assertThat(other.isAccepted(nonce)).isTrue();
        now = START.plusSeconds(59);
        assertThat(one.current()).isEqualTo(nonce);
        now = START.plusSeconds(119);
        assertThat(one.current()).isNotEqualTo(nonce);
        assertThat(one.isAccepted(nonce)).isTrue();
        assertThat(other.isAccepted(nonce)).isTrue();
        now = START.plusSeconds(120);
        assertThat(one.isAccepted(nonce)).isFalse();
        assertThat(other.isAccepted(nonce)).isFalse();
    }

    /** A client whose requests reach both nodes needs one a minute, not one an answer. */
    @Test
    void nonceWhenAnotherNodeMadeItThenNewInItsMinuteAlone() {
        String nonce = one.current();
        assertThat(other.current()).isNotEqualTo(nonce);
        assertThat(other.isNew(nonce)).isTrue();
        assertThat(one.isNew(nonce)).isTrue();
        now = START.plusSeconds(60);
        assertThat(other.isNew(nonce)).isFalse();
        assertThat(one.isNew(nonce)).isFalse();
        assertThat(one.isNew("v1.a.b.c")).isFalse();
        now = START.minusSeconds(60);
        assertThat(other.isNew(nonce)).isTrue();
    }

    @Test
    void nonceWhenItIsOfAFutureMinuteThenNotAccepted() {
        now = START.plusSeconds(120);
        String nonce = one.current();
        now = START;
        assertThat(other.isAccepted(nonce)).isFalse();
        assertThat(other.isNew(nonce)).as("what is refused is replaced").isFalse();
        assertThat(one.isNew(nonce)).as("after its clock was set back").isFalse();
        now = START.plusSeconds(60);
        assertThat(other.isAccepted(nonce)).as("a clock that is ahead").isTrue();
    }

    @Test
    void nonceWhenTheKeysRollOverThenBothAreAccepted() {
        String before = one.current();
        keys.rollOver();
        DpopNonces restarted = new DpopNonces(keys.sealing(), () -> now);
        assertThat(restarted.isAccepted(before)).isTrue();
        assertThat(other.isAccepted(restarted.current())).isTrue();
    }

    @Test
    void nonceWhenItIsNoneThenNotAccepted() {
        byte[] minute = ByteBuffer.allocate(Long.BYTES)
                .putLong(START.getEpochSecond() / 60)
                .array();
        String ofAnotherPurpose = keys.sealing().seal("another", new byte[0], minute);
        String ofOtherKeys = new DpopNonces(new SealingKeysOfTests(Duration.ofDays(30)).sealing(), () -> now).current();
        for (String nonce : new String[] {"", "v1.a.b.c", ofAnotherPurpose, ofOtherKeys, "x".repeat(4000)}) {
            assertThat(one.isAccepted(nonce)).as(nonce).isFalse();
        }
    }
}
