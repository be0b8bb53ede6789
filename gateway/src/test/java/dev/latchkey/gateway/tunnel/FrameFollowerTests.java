package dev.latchkey.gateway.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameFollowerTests {

    private final FrameFollower frames = new FrameFollower();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 255, 65_535, 65_536})
    void followWhenAFrameComesInAnyPiecesThenOnlyItsEndIsBetween(int length) {
        for (boolean isMasked : new boolean[] {false, true}) {
            ByteBuf frame = frame(0x82, length, isMasked);
            int step = Math.max(1, length / 50);
            while (frame.isReadable()) {
                ByteBuf piece = frame.readSlice(frame.readableBytes() > 20 + step ? step : 1);
                frames.follow(piece);
                assertThat(frames.isBetween()).isEqualTo(!frame.isReadable());
            }
        }
        assertThat(frames.hasClosed()).isFalse();
    }

    @Test
    void followFrameWhenMoreFramesAreThereThenStopsBehindTheFirst() {
        ByteBuf first = frame(0x01, 300, true);
        frames.follow(first.readSlice(10));
        int left = first.readableBytes();
        ByteBuf both = Unpooled.wrappedBuffer(first, frame(0x88, 2, true));

        assertThat(frames.followFrame(both)).isEqualTo(left);
        assertThat(frames.followFrame(both)).isZero();
        assertThat(frames.hasClosed()).isFalse();
    }

    @Test
    void followWhenACloseFrameHasComeThenKnown() {
        frames.follow(frame(0x88, 2, false));

        assertThat(frames.hasClosed()).isTrue();
        assertThat(frames.isBetween()).isTrue();
    }

    @Test
    void followWhenTheLengthIsNoneThenNeverBetweenAgain() {
        frames.follow(Unpooled.wrappedBuffer(new byte[] {(byte) 0x82, 127, -1, -1, -1, -1, -1, -1, -1, -1}));
        frames.follow(Unpooled.wrappedBuffer(new byte[100_000]));

        assertThat(frames.isBetween()).isFalse();
    }

    private static ByteBuf frame(int first, int length, boolean isMasked) {
        int mask = isMasked ? 0x80 : 0;
        ByteBuf frame = Unpooled.buffer().writeByte(first);
        if (length < 126) {
            frame.writeByte(mask | length);
        } else if (length < 65_536) {
            frame.writeByte(mask | 126).writeShort(length);
        } else {
            frame.writeByte(mask | 127).writeLong(length);
        }
        return frame.writeZero((isMasked ? 4 : 0) + length);
    }
}
