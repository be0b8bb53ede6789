package dev.latchkey.gateway.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * A client that speaks HTTP/2 frame by frame (RFC 9113 section 4), rightly or wrongly. It acknowledges settings, and
 * opens the windows of what it reads unless it was told not to.
 */
public final class RawHttp2 implements AutoCloseable {

    public static final int END_STREAM = 0x1;
    public static final int END_HEADERS = 0x4;
    public static final int PADDED = 0x8;
    public static final int PRIORITY = 0x20;
    public static final int ACK = 0x1;

    private static final int HEAD = Http2CodecUtil.FRAME_HEADER_LENGTH;
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);
    private final Map<Integer, Outcome> outcomes = new HashMap<>();
    private final Map<Integer, Long> settings = new HashMap<>();
    private final ByteBuf fieldBlock = Unpooled.buffer();
    private boolean endsStream;
    private boolean opensWindows = true;
    private long goAway = -1;
    private int lastStream = -1;
    private boolean isClosed;
    private int pongs;
    private int returned;

    /** What came of one stream so far; -1 where nothing did. */
    public static final class Outcome {

        private int status = -1;
        private Http2Headers head = new DefaultHttp2Headers();
        private Http2Headers trailers = new DefaultHttp2Headers();
        private final StringBuilder body = new StringBuilder();
        private final StringBuilder interims = new StringBuilder();
        private final StringBuilder fields = new StringBuilder();
        private final StringBuilder frames = new StringBuilder();
        private long reset = -1;
        private boolean isEnded;

        public int status() {
            return status;
        }

        public String field(String name) {
            CharSequence value = head.get(name);
            return value == null ? null : value.toString();
        }

        public Http2Headers head() {
            return head;
        }

        public Http2Headers trailers() {
            return trailers;
        }

        public String trailer(String name) {
            return String.valueOf(trailers.get(name));
        }

        public String body() {
            return body.toString();
        }

        /** The statuses of interim answers, with a blank behind each. */
        public String interims() {
            return interims.toString();
        }

        /** The lines of all heads and of the trailers, in the order in which they came. */
        public String fields() {
            return fields.toString();
        }

        /**
         * A letter for each frame, in their order: i for an interim answer, h for the head, d for data, t for trailers,
         * a capital one with END_STREAM; r for a reset without an error, e for one with an internal error, x for
         * others.
         */
        public String frames() {
            return frames.toString();
        }

        private void took(char frame, boolean isEnd) {
            frames.append(isEnd ? Character.toUpperCase(frame) : frame);
            isEnded = isEnd;
        }

        private void reset(long error) {
            reset = error;
            frames.append(error == 0 ? 'r' : error == Http2Error.INTERNAL_ERROR.code() ? 'e' : 'x');
        }

        public long reset() {
            return reset;
        }

        public boolean isEnded() {
            return isEnded;
        }
    }

    public RawHttp2(Socket socket) {
        try {
            this.socket = socket;
            socket.setSoTimeout((int) LONGEST.toMillis());
            socket.setTcpNoDelay(true);
            this.in = new DataInputStream(socket.getInputStream());
            this.out = socket.getOutputStream();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Connects without TLS and begins with preface and settings. */
    public static RawHttp2 connect(int port) {
        return open(port).begin();
    }

    /** Connects without TLS and says nothing. */
    public static RawHttp2 open(int port) {
        try {
            return new RawHttp2(new Socket(InetAddress.getLoopbackAddress(), port));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public RawHttp2 begin() {
        send(ByteBufUtil.getBytes(Http2CodecUtil.connectionPrefaceBuf()));
        return frame(Http2FrameTypes.SETTINGS, 0, 0, new byte[0]);
    }

    /** From now on, the gateway may send no more than the windows of the beginning. */
    public RawHttp2 keepWindows() {
        opensWindows = false;
        return this;
    }

    public RawHttp2 send(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
        } catch (SocketException closed) {
            isClosed = true;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return this;
    }

    public RawHttp2 frame(int type, int flags, int stream, byte[] payload) {
        return frame(type, flags, stream, payload, payload.length);
    }

    /** A frame that lies about its length. */
    public RawHttp2 frame(int type, int flags, int stream, byte[] payload, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(HEAD + payload.length);
        bytes.put((byte) (length >> 16))
                .putShort((short) length)
                .put((byte) type)
                .put((byte) flags);
        bytes.putInt(stream).put(payload);
        return send(bytes.array());
    }

    /** A GET of a path on this host. */
    public RawHttp2 get(int stream, String path, String... more) {
        return headers(
                stream,
                true,
                with(
                        new String[] {":method", "GET", ":scheme", "http", ":path", path, ":authority", "localhost"},
                        more));
    }

    /** A GET that is answered behind another one, which is all that its client needs first (RFC 7540 section 5.3.1). */
    public RawHttp2 getBehind(int first, int stream, String path) {
        byte[] fields = block(":method", "GET", ":scheme", "http", ":path", path, ":authority", "localhost");
        ByteBuffer payload = ByteBuffer.allocate(5 + fields.length)
                .putInt(1 << 31 | first)
                .put((byte) 0)
                .put(fields);
        return frame(Http2FrameTypes.HEADERS, END_HEADERS | END_STREAM | PRIORITY, stream, payload.array());
    }

    /** The head of a POST, with a body to follow. */
    public RawHttp2 post(int stream, String path, String... more) {
        return headers(
                stream,
                false,
                with(
                        new String[] {":method", "POST", ":scheme", "http", ":path", path, ":authority", "localhost"},
                        more));
    }

    private static String[] with(String[] first, String[] more) {
        String[] all = new String[first.length + more.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }

    /**
     * A head, or trailers, in one frame.
     *
     * @param lines name and value in turn
     */
    public RawHttp2 headers(int stream, boolean isEnd, String... lines) {
        return frame(Http2FrameTypes.HEADERS, END_HEADERS | (isEnd ? END_STREAM : 0), stream, block(lines));
    }

    /** The lines as one field block (RFC 7541). */
    public byte[] block(String... lines) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        for (int at = 0; at < lines.length; at += 2) {
            headers.add(lines[at], lines[at + 1]);
        }
        ByteBuf bytes = Unpooled.buffer();
        try {
            encoder.encodeHeaders(1, headers, bytes);
        } catch (Http2Exception failure) {
            throw new IllegalStateException(failure);
        }
        return ByteBufUtil.getBytes(bytes);
    }

    public RawHttp2 data(int stream, boolean isEnd, String text) {
        return frame(Http2FrameTypes.DATA, isEnd ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.UTF_8));
    }

    public RawHttp2 reset(int stream) {
        return frame(Http2FrameTypes.RST_STREAM, 0, stream, number(8));
    }

    public RawHttp2 windowUpdate(int stream, int increment) {
        return frame(Http2FrameTypes.WINDOW_UPDATE, 0, stream, number(increment));
    }

    public RawHttp2 setting(int id, long value) {
        ByteBuffer bytes = ByteBuffer.allocate(6).putShort((short) id).putInt((int) value);
        return frame(Http2FrameTypes.SETTINGS, 0, 0, bytes.array());
    }

    public static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    public Outcome of(int stream) {
        return outcomes.computeIfAbsent(stream, unused -> new Outcome());
    }

    /** Reads until the stream is over, one way or the other. */
    public Outcome await(int stream) {
        Outcome outcome = of(stream);
        while (!outcome.isEnded && outcome.reset < 0 && !isClosed) {
            read();
        }
        return outcome;
    }

    /** Reads until the head of the answer is here. */
    public Outcome awaitHead(int stream) {
        Outcome outcome = of(stream);
        while (outcome.status < 0 && outcome.reset < 0 && !isClosed) {
            read();
        }
        return outcome;
    }

    /** Reads until one interim answer more is here than before. */
    public Outcome awaitInterim(int stream) {
        Outcome outcome = of(stream);
        int before = outcome.interims.length();
        while (outcome.interims.length() == before && outcome.status < 0 && outcome.reset < 0 && !isClosed) {
            read();
        }
        return outcome;
    }

    /** Reads until so much of the answer is here, or it is over. */
    public Outcome awaitBody(int stream, int length) {
        Outcome outcome = of(stream);
        while (outcome.body.length() < length && !outcome.isEnded && outcome.reset < 0 && !isClosed) {
            read();
        }
        return outcome;
    }

    /** Reads until the stream has been reset, or the connection has ended. */
    public Outcome awaitReset(int stream) {
        Outcome outcome = of(stream);
        while (outcome.reset < 0 && goAway < 0 && !isClosed) {
            read();
        }
        return outcome;
    }

    /** Reads until the gateway has closed the connection; the error of the last GOAWAY, or -1. */
    public long awaitEnd() {
        while (!isClosed) {
            read();
        }
        return goAway;
    }

    /** Reads until the answer to a PING: all that was sent before has been read by the gateway. */
    public RawHttp2 ping() {
        int before = pongs;
        frame(Http2FrameTypes.PING, 0, 0, new byte[8]);
        while (pongs == before && !isClosed) {
            read();
        }
        return this;
    }

    /** Bytes by which the gateway has opened the connection's window. */
    public int returned() {
        return returned;
    }

    public boolean isClosed() {
        return isClosed;
    }

    public long goAway() {
        return goAway;
    }

    /** Of the last GOAWAY. */
    public int lastStream() {
        return lastStream;
    }

    /** What the gateway said of a setting; null if nothing. */
    public Long setting(int id) {
        return settings.get(id);
    }

    /** Reads one frame; nothing once the connection is closed. */
    public void read() {
        try {
            byte[] head = in.readNBytes(HEAD);
            if (head.length < HEAD) {
                throw new EOFException();
            }
            ByteBuffer fields = ByteBuffer.wrap(head);
            int length = (fields.get() & 0xff) << 16 | (fields.getShort() & 0xffff);
            int type = fields.get();
            int flags = fields.get();
            take(type, flags, fields.getInt(), ByteBuffer.wrap(in.readNBytes(length)));
        } catch (EOFException | SocketException closed) {
            isClosed = true;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void take(int type, int flags, int stream, ByteBuffer payload) {
        switch (type) {
            case Http2FrameTypes.SETTINGS -> settings(flags, payload);
            case Http2FrameTypes.PING -> pongs += flags & ACK;
            case Http2FrameTypes.GO_AWAY -> {
                lastStream = payload.getInt(0);
                goAway = payload.getInt(4);
            }
            case Http2FrameTypes.RST_STREAM -> of(stream).reset(payload.getInt());
            case Http2FrameTypes.HEADERS -> {
                endsStream = (flags & END_STREAM) != 0;
                fields(flags, stream, payload);
            }
            case Http2FrameTypes.CONTINUATION -> fields(flags, stream, payload);
            case Http2FrameTypes.DATA -> body(flags, stream, payload);
            case Http2FrameTypes.WINDOW_UPDATE -> returned += stream == 0 ? payload.getInt() : 0;
            default -> {
                // Others are of no interest.
            }
        }
    }

    private void settings(int flags, ByteBuffer payload) {
        if ((flags & ACK) == 0) {
            while (payload.hasRemaining()) {
                settings.put((int) payload.getShort(), payload.getInt() & 0xffffffffL);
            }
            frame(Http2FrameTypes.SETTINGS, ACK, 0, new byte[0]);
        }
    }

    private void fields(int flags, int stream, ByteBuffer payload) {
        fieldBlock.writeBytes(payload);
        if ((flags & END_HEADERS) != 0) {
            fields(stream);
            fieldBlock.clear();
        }
    }

    private void fields(int stream) {
        Outcome outcome = of(stream);
        try {
            Http2Headers read = decoder.decodeHeaders(stream, fieldBlock);
            read.forEach(field -> outcome.fields.append(field).append('\n'));
            if (read.status() == null) {
                outcome.trailers = read;
                outcome.took('t', endsStream);
            } else if (read.status().charAt(0) == '1') {
                outcome.interims.append(read.status()).append(' ');
                outcome.took('i', endsStream);
            } else {
                outcome.took('h', endsStream);
                outcome.head = read;
                outcome.status = Integer.parseInt(read.status().toString());
            }
        } catch (Http2Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private void body(int flags, int stream, ByteBuffer payload) {
        Outcome outcome = of(stream);
        int length = payload.remaining();
        outcome.body.append(StandardCharsets.UTF_8.decode(payload));
        outcome.took('d', (flags & END_STREAM) != 0);
        if (opensWindows && length > 0) {
            windowUpdate(0, length);
            if (!outcome.isEnded) {
                windowUpdate(stream, length);
            }
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
