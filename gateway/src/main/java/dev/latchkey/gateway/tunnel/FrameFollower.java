package dev.latchkey.gateway.tunnel;

import io.netty.buffer.ByteBuf;

/**
 * Where the frames of one direction begin (RFC 6455 section 5.2). Nothing of them is checked: that is their reader's.
 */
final class FrameFollower {

    private static final int OPCODE = 0x0f;
    private static final int CLOSE = 0x8;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7f;
    private static final int TWO_BYTES = 126;
    private static final int EIGHT_BYTES = 127;
    private static final int MASK_BYTES = 4;

    private int headRead;
    private int headLength;
    private int lengthEnd;
    private long payload;
    private long left;
    private boolean isClose;
    private boolean hasClosed;

    /** Whether what comes next begins a frame. */
    boolean isBetween() {
        return headRead == 0 && left == 0;
    }

    /** Whether the head of a close frame has come, so that none may follow. */
    boolean hasClosed() {
        return hasClosed;
    }

    /** Follows all of these bytes, and reads none of them. */
    void follow(ByteBuf bytes) {
        follow(bytes, false);
    }

    /**
     * Follows these bytes to the end of the frame that they continue; does nothing between two frames.
     *
     * @return how many those are
     */
    int followFrame(ByteBuf bytes) {
        return follow(bytes, true);
    }

    private int follow(ByteBuf bytes, boolean isToEndOfFrame) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end && !(isToEndOfFrame && isBetween())) {
            if (left > 0) {
                int step = (int) Math.min(left, end - at);
                left -= step;
                at += step;
            } else {
                head(bytes.getUnsignedByte(at));
                at++;
            }
        }
        return at - bytes.readerIndex();
    }

    private void head(int next) {
        if (headRead == 0) {
            isClose = (next & OPCODE) == CLOSE;
            headLength = 2;
        } else if (headRead == 1) {
            length(next);
        } else if (headRead < lengthEnd) {
            payload = (payload << Byte.SIZE) | next;
        }
        headRead++;
        if (headRead == headLength) {
            headRead = 0;
            left = payload < 0 ? Long.MAX_VALUE : payload;
            hasClosed |= isClose;
        }
    }

    private void length(int next) {
        int stated = next & LENGTH;
        lengthEnd = switch (stated) {
            case TWO_BYTES -> 2 + Short.BYTES;
            case EIGHT_BYTES -> 2 + Long.BYTES;
            default -> 2;
        };
        payload = stated < TWO_BYTES ? stated : 0;
        headLength = lengthEnd + ((next & MASKED) == 0 ? 0 : MASK_BYTES);
    }
}
