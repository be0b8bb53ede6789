package dev.latchkey.sample;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/** The first bytes of a body and its whole size, in bounded memory; for one subscriber. */
final class BodyStart {

    private static final int KEPT = 64 * 1024;

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private long size;

    /** Takes the buffer over and releases it. */
    BodyStart and(DataBuffer buffer) {
        size += buffer.readableByteCount();
        byte[] bytes = new byte[Math.min(buffer.readableByteCount(), KEPT - kept.size())];
        buffer.read(bytes);
        kept.write(bytes, 0, bytes.length);
        DataBufferUtils.release(buffer);
        return this;
    }

    String text() {
        return kept.toString(StandardCharsets.UTF_8);
    }

    long size() {
        return size;
    }
}
