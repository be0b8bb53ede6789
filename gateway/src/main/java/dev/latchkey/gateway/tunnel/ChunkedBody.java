package dev.latchkey.gateway.tunnel;

import io.netty.buffer.ByteBuf;

/**
 * Follows a chunked body (RFC 9112 section 7.1) to its last chunk, from chunk to chunk and without a look at what is in
 * them. It checks nothing: that is the codec's.
 */
final class ChunkedBody {

    private enum Part {
        SIZE,
        EXTENSION,
        DATA,
        DATA_END,
        TRAILERS
    }

    private Part part = Part.SIZE;

    /** Bytes of this chunk's data that are still to come; while its size is read, what has been read of it. */
    private long left;

    /** Another body begins. */
    void begin() {
        part = Part.SIZE;
        left = 0;
    }

    /** Gives where the trailers begin in what comes next, with or without any; negative if that is not there yet. */
    int trailers(ByteBuf bytes) {
        int at = bytes.readerIndex();
        while (at < bytes.writerIndex() && part != Part.TRAILERS) {
            if (part == Part.DATA) {
                int passed = (int) Math.min(left, bytes.writerIndex() - at);
                left -= passed;
                at += passed;
                part = left == 0 ? Part.DATA_END : Part.DATA;
            } else {
                see(bytes.getByte(at));
                at++;
            }
        }
        return part == Part.TRAILERS ? at : -1;
    }

    private void see(byte next) {
        if (next == '\n') {
            part = part == Part.DATA_END ? Part.SIZE : left > 0 ? Part.DATA : Part.TRAILERS;
        } else if (part == Part.SIZE) {
            int digit = Character.digit(next, 16);
            part = digit < 0 ? Part.EXTENSION : Part.SIZE;
            left = digit < 0 ? left : left * 16 + digit;
        }
    }
}
