package dev.latchkey.gateway.listener.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** What a client of HTTP/2 sends, as bytes (RFC 9113 section 4.1). */
public final class ClientFrames {

    /** The flag of a head that is whole. */
    public static final int END_HEADERS = 4;

    private ClientFrames() {}

    /** The head of a POST to http, / and a host, the first three by their numbers in the static table. */
    static ByteBuf post(int stream) {
        return frame(1, END_HEADERS, stream, new byte[] {(byte) 0x83, (byte) 0x86, (byte) 0x84, 0x41, 1, 'a'});
    }

    static ByteBuf frame(int type, int flags, int stream, byte[] payload) {
        return frame(type, flags, stream, payload, payload.length);
    }

    /**
     * One whose payload may come later, or in part.
     *
     * @param length what the frame says of its payload
     */
    public static ByteBuf frame(int type, int flags, int stream, byte[] payload, int length) {
        return Unpooled.buffer()
                .writeMedium(length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream)
                .writeBytes(payload);
    }
}
