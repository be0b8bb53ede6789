package dev.latchkey.gateway.listener.http2;

import static dev.latchkey.gateway.testing.RawHttp2.END_HEADERS;
import static dev.latchkey.gateway.testing.RawHttp2.END_STREAM;
import static dev.latchkey.gateway.testing.RawHttp2.PADDED;
import static dev.latchkey.gateway.testing.RawHttp2.PRIORITY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.RawHttp2;
import dev.latchkey.gateway.testing.RawHttp2.Outcome;
import dev.latchkey.gateway.testing.RecordingBackend;
import dev.latchkey.gateway.testing.World;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What RFC 9113 and RFC 7541 demand of a server whose client breaks their rules, section by section. */
final class Http2ConformanceIT {

    @RegisterExtension
    static final World WORLD = new World(Map.of("latchkey.http2.cleartext", true));

    private static final int DATA = Http2FrameTypes.DATA;
    private static final int HEADERS = Http2FrameTypes.HEADERS;
    private static final int PRIORITY_FRAME = Http2FrameTypes.PRIORITY;
    private static final int RST_STREAM = Http2FrameTypes.RST_STREAM;
    private static final int SETTINGS = Http2FrameTypes.SETTINGS;
    private static final int PUSH_PROMISE = Http2FrameTypes.PUSH_PROMISE;
    private static final int PING = Http2FrameTypes.PING;
    private static final int GOAWAY = Http2FrameTypes.GO_AWAY;
    private static final int WINDOW_UPDATE = Http2FrameTypes.WINDOW_UPDATE;
    private static final int CONTINUATION = Http2FrameTypes.CONTINUATION;
    private static final int UNKNOWN = 0xee;

    /** The largest frame that the gateway accepts. */
    private static final int LARGEST = 16_384;

    /** A literal field whose name has the code for the end of a string in it. */
    private static final byte[] HUFFMAN_WITH_END = HexFormat.of().parseHex("0085f2b24a84ff8449509fff");

    private static final byte[] NOTHING = new byte[0];
    private static final byte[] EIGHT = new byte[8];
    private static final String[] GET = {
        ":method", "GET", ":scheme", "http", ":path", "/open/x", ":authority", "localhost"
    };

    /** Nothing is answered there while a fault is on its way. */
    private static final String HELD = "/open/hold/never";

    private record Case(String name, Http2Error error, Consumer<RawHttp2> fault) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static Case of(String name, Http2Error error, Consumer<RawHttp2> fault) {
        return new Case(name, error, fault);
    }

    private static RawHttp2 head(RawHttp2 client, int flags, byte[] block) {
        return client.frame(HEADERS, flags, 1, block);
    }

    private static String[] with(String... more) {
        return Stream.concat(Stream.of(GET), Stream.of(more)).toArray(String[]::new);
    }

    private static byte[] dependency(int stream) {
        return ByteBuffer.allocate(5).putInt(stream).put((byte) 15).array();
    }

    private static byte[] joined(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    private static RawHttp2 setting(RawHttp2 client, int id, long value) {
        return client.setting(id, value);
    }

    /** Faults that end the connection (section 5.4.1). */
    static Stream<Case> faultsOfTheConnection() {
        return Stream.of(frames(), controlFrames(), states(), fieldBlocks(), settings(), compression())
                .flatMap(cases -> cases);
    }

    private static Stream<Case> frames() {
        return Stream.of(
                of(
                        "4.2 HEADERS larger than allowed",
                        Http2Error.FRAME_SIZE_ERROR,
                        client -> head(client, END_HEADERS | END_STREAM, new byte[LARGEST + 1])),
                of(
                        "4.2 DATA larger than allowed",
                        Http2Error.FRAME_SIZE_ERROR,
                        client -> client.post(1, HELD).frame(DATA, 0, 1, new byte[LARGEST + 1])),
                of(
                        "5.4.1 PING of another length",
                        Http2Error.FRAME_SIZE_ERROR,
                        client -> client.frame(PING, 0, 0, new byte[6])),
                of("6.1 DATA on no stream", Http2Error.PROTOCOL_ERROR, client -> client.frame(DATA, 0, 0, EIGHT)),
                of(
                        "6.1 DATA with more padding than frame",
                        Http2Error.PROTOCOL_ERROR,
                        client -> client.post(1, HELD)
                                .frame(DATA, PADDED | END_STREAM, 1, new byte[] {6, 't', 'e', 's', 't'})),
                of("6.2 HEADERS on no stream", Http2Error.PROTOCOL_ERROR, client -> client.headers(0, true, GET)),
                of(
                        "6.2 HEADERS with more padding than frame",
                        Http2Error.PROTOCOL_ERROR,
                        client -> head(
                                client,
                                PADDED | END_HEADERS | END_STREAM,
                                joined(new byte[] {127}, client.block(GET)))),
                of(
                        "6.3 PRIORITY on no stream",
                        Http2Error.PROTOCOL_ERROR,
                        client -> client.frame(PRIORITY_FRAME, 0, 0, dependency(1))));
    }

    private static Stream<Case> controlFrames() {
        return Stream.of(
                of("6.4 RST_STREAM on no stream", Http2Error.PROTOCOL_ERROR, client -> client.reset(0)),
                of(
                        "6.4 RST_STREAM of another length",
                        Http2Error.FRAME_SIZE_ERROR,
                        client -> client.post(1, HELD).frame(RST_STREAM, 0, 1, new byte[3])),
                of("6.7 PING on a stream", Http2Error.PROTOCOL_ERROR, client -> client.frame(PING, 0, 1, EIGHT)),
                of("6.8 GOAWAY on a stream", Http2Error.PROTOCOL_ERROR, client -> client.frame(GOAWAY, 0, 1, EIGHT)),
                of(
                        "6.9 WINDOW_UPDATE of another length",
                        Http2Error.FRAME_SIZE_ERROR,
                        client -> client.frame(WINDOW_UPDATE, 0, 0, new byte[3])),
                of("6.9 WINDOW_UPDATE by nothing", Http2Error.PROTOCOL_ERROR, client -> client.windowUpdate(0, 0)),
                of(
                        "6.9.1 window of the connection too large",
                        Http2Error.FLOW_CONTROL_ERROR,
                        client -> client.windowUpdate(0, Integer.MAX_VALUE).windowUpdate(0, Integer.MAX_VALUE)),
                of(
                        "8.4 PUSH_PROMISE of a client",
                        Http2Error.PROTOCOL_ERROR,
                        client -> client.post(1, HELD)
                                .frame(PUSH_PROMISE, END_HEADERS, 1, joined(RawHttp2.number(3), client.block(GET)))));
    }

    private static Stream<Case> states() {
        return Stream.of(
                of("5.1 DATA on an idle stream", Http2Error.PROTOCOL_ERROR, client -> client.data(1, true, "x")),
                of("5.1 RST_STREAM on an idle stream", Http2Error.PROTOCOL_ERROR, client -> client.reset(1)),
                of(
                        "5.1 WINDOW_UPDATE on an idle stream",
                        Http2Error.PROTOCOL_ERROR,
                        client -> client.windowUpdate(1, 100)),
                of(
                        "5.1 CONTINUATION on an idle stream",
                        Http2Error.PROTOCOL_ERROR,
                        client -> client.frame(CONTINUATION, END_HEADERS, 1, client.block(GET))),
                of(
                        "5.1.1 stream of a server's number",
                        Http2Error.PROTOCOL_ERROR,
                        client -> client.headers(2, true, GET)),
                of(
                        "5.1.1 DATA on a refused stream of a server's number",
                        Http2Error.PROTOCOL_ERROR,
                        client -> client.headers(2, false, with("te", "gzip")).data(2, true, "x")),
                of(
                        "6.10 CONTINUATION on no stream",
                        Http2Error.PROTOCOL_ERROR,
                        client -> client.frame(HEADERS, END_STREAM, 1, client.block(GET))
                                .frame(CONTINUATION, END_HEADERS, 0, NOTHING)));
    }

    private static Stream<Case> fieldBlocks() {
        return Stream.of(
                of(
                        "4.3 PRIORITY within a field block",
                        Http2Error.PROTOCOL_ERROR,
                        client ->
                                head(client, END_STREAM, client.block(GET)).frame(PRIORITY_FRAME, 0, 1, dependency(0))),
                of(
                        "4.3 HEADERS of another stream within a field block",
                        Http2Error.PROTOCOL_ERROR,
                        client -> head(client, END_STREAM, client.block(GET)).headers(3, true, GET)),
                of(
                        "5.5 unknown frame within a field block",
                        Http2Error.PROTOCOL_ERROR,
                        client -> head(client, END_STREAM, client.block(GET)).frame(UNKNOWN, 0, 1, EIGHT)),
                of(
                        "6.10 DATA within a field block",
                        Http2Error.PROTOCOL_ERROR,
                        client -> head(client, 0, client.block(GET)).data(1, true, "x")),
                of(
                        "6.10 CONTINUATION behind a whole field block",
                        Http2Error.PROTOCOL_ERROR,
                        client -> client.post(1, HELD).frame(CONTINUATION, END_HEADERS, 1, NOTHING)));
    }

    private static Stream<Case> settings() {
        return Stream.of(
                of(
                        "6.5 SETTINGS that acknowledge and say more",
                        Http2Error.FRAME_SIZE_ERROR,
                        client -> client.frame(SETTINGS, RawHttp2.ACK, 0, new byte[6])),
                of(
                        "6.5 SETTINGS on a stream",
                        Http2Error.PROTOCOL_ERROR,
                        client -> client.frame(SETTINGS, 0, 1, new byte[6])),
                of(
                        "6.5 SETTINGS of another length",
                        Http2Error.FRAME_SIZE_ERROR,
                        client -> client.frame(SETTINGS, 0, 0, new byte[3])),
                of("6.5.2 ENABLE_PUSH of 2", Http2Error.PROTOCOL_ERROR, client -> setting(client, 2, 2)),
                of(
                        "6.5.2 INITIAL_WINDOW_SIZE of 2 GB",
                        Http2Error.FLOW_CONTROL_ERROR,
                        client -> setting(client, 4, 1L << 31)),
                of(
                        "6.5.2 MAX_FRAME_SIZE too small",
                        Http2Error.PROTOCOL_ERROR,
                        client -> setting(client, 5, LARGEST - 1)),
                of("6.5.2 MAX_FRAME_SIZE too large", Http2Error.PROTOCOL_ERROR, client -> setting(client, 5, 1 << 24)));
    }

    /** RFC 7541. */
    private static Stream<Case> compression() {
        return Stream.of(
                of(
                        "4.3 no field block",
                        Http2Error.COMPRESSION_ERROR,
                        client -> head(client, END_HEADERS | END_STREAM, new byte[] {
                            (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f
                        })),
                of(
                        "HPACK 2.3.3 index beyond the tables",
                        Http2Error.COMPRESSION_ERROR,
                        client -> head(
                                client, END_HEADERS | END_STREAM, joined(client.block(GET), new byte[] {(byte) 0xff, 0
                                }))),
                of(
                        "HPACK 4.2 size of the table behind a field",
                        Http2Error.COMPRESSION_ERROR,
                        client -> head(client, END_HEADERS | END_STREAM, joined(client.block(GET), new byte[] {0x20}))),
                of(
                        "HPACK 5.2 end of a string within it",
                        Http2Error.COMPRESSION_ERROR,
                        client -> head(client, END_HEADERS | END_STREAM, joined(client.block(GET), HUFFMAN_WITH_END))),
                of(
                        "HPACK 6.1 index of nothing",
                        Http2Error.COMPRESSION_ERROR,
                        client -> head(
                                client, END_HEADERS | END_STREAM, joined(client.block(GET), new byte[] {(byte) 0x80}))),
                of(
                        "HPACK 6.3 table larger than allowed",
                        Http2Error.COMPRESSION_ERROR,
                        client -> head(
                                client,
                                END_HEADERS | END_STREAM,
                                joined(new byte[] {0x3f, (byte) 0xe2, 0x1f}, client.block(GET)))));
    }

    @ParameterizedTest
    @MethodSource("faultsOfTheConnection")
    void connectionWhenItsClientBreaksARuleThenEndsWithTheReason(Case fault) {
        try (RawHttp2 client = RawHttp2.connect(WORLD.port())) {
            fault.fault().accept(client);

            assertThat(client.awaitEnd()).isEqualTo(fault.error().code());
        }
    }

    /** Faults that end the stream (section 5.4.2). */
    static Stream<Case> faultsOfAStream() {
        return Stream.of(messages(), pseudoFields(), otherStreamFaults()).flatMap(cases -> cases);
    }

    private static Stream<Case> otherStreamFaults() {
        return Stream.of(
                of(
                        "5.3.1 HEADERS that depend on themselves",
                        Http2Error.PROTOCOL_ERROR,
                        client -> head(
                                client, PRIORITY | END_HEADERS | END_STREAM, joined(dependency(1), client.block(GET)))),
                of(
                        "5.3.1 PRIORITY that depends on itself",
                        Http2Error.PROTOCOL_ERROR,
                        client -> client.post(1, HELD).frame(PRIORITY_FRAME, 0, 1, dependency(1))),
                of(
                        "6.3 PRIORITY of another length",
                        Http2Error.FRAME_SIZE_ERROR,
                        client -> client.post(1, HELD).frame(PRIORITY_FRAME, 0, 1, new byte[4])),
                of(
                        "6.9 WINDOW_UPDATE by nothing",
                        Http2Error.PROTOCOL_ERROR,
                        client -> client.post(1, HELD).windowUpdate(1, 0)),
                of(
                        "6.9.1 window of a stream too large",
                        Http2Error.FLOW_CONTROL_ERROR,
                        client -> client.post(1, HELD)
                                .windowUpdate(1, Integer.MAX_VALUE)
                                .windowUpdate(1, Integer.MAX_VALUE)),
                of(
                        "8.1 second HEADERS without an end",
                        Http2Error.PROTOCOL_ERROR,
                        client -> client.post(1, HELD).headers(1, false, "x-a", "b")));
    }

    private static Stream<Case> messages() {
        return Stream.of(
                malformed("8.2 name in upper case", with("X-Upper", "a")),
                malformed("8.2.1 name with a blank", with("x a", "b")),
                malformed("8.2.1 value with a line break", with("x-a", "b\r\nx-c: d")),
                malformed("8.2.1 value with a null", with("x-a", "b\0c")),
                malformed("8.2.1 value with a blank around it", with("x-a", " b")),
                malformed("8.2.2 Connection", with("connection", "keep-alive")),
                malformed("8.2.2 Keep-Alive", with("keep-alive", "timeout=5")),
                malformed("8.2.2 Proxy-Connection", with("proxy-connection", "close")),
                malformed("8.2.2 Transfer-Encoding", with("transfer-encoding", "chunked")),
                malformed("8.2.2 Upgrade", with("upgrade", "websocket")),
                malformed("8.2.2 TE of something else", with("te", "trailers, deflate")),
                malformed("8.1.1 length of a body that is not there", with("content-length", "1")),
                malformed("8.1.1 two lengths", with("content-length", "0", "content-length", "1")),
                malformed("8.1.1 no length", with("content-length", "-1")),
                of(
                        "8.1.1 body shorter than its length",
                        Http2Error.PROTOCOL_ERROR,
                        client -> client.post(1, HELD, "content-length", "9")
                                .data(1, false, "test")
                                .data(1, true, "test")),
                of(
                        "8.1.1 body longer than its length",
                        Http2Error.PROTOCOL_ERROR,
                        client -> client.post(1, HELD, "content-length", "1").data(1, true, "test")));
    }

    private static Stream<Case> pseudoFields() {
        return Stream.of(
                malformed("8.3 unknown pseudo-header field", with(":test", "a")),
                malformed("8.3 pseudo-header field of a response", with(":status", "200")),
                of(
                        "8.3 pseudo-header field behind another",
                        Http2Error.PROTOCOL_ERROR,
                        client -> head(
                                client, END_HEADERS | END_STREAM, joined(client.block("x-a", "b"), client.block(GET)))),
                malformed("8.3.1 no method", ":scheme", "http", ":path", "/open/x", ":authority", "localhost"),
                malformed("8.3.1 no scheme", ":method", "GET", ":path", "/open/x", ":authority", "localhost"),
                malformed("8.3.1 no path", ":method", "GET", ":scheme", "http", ":authority", "localhost"),
                malformed("8.3.1 empty path", ":method", "GET", ":scheme", "http", ":path", "", ":authority", "a"),
                malformed(
                        "8.3.1 path with a blank",
                        ":method",
                        "GET",
                        ":scheme",
                        "http",
                        ":path",
                        "/open/x HTTP/1.1",
                        ":authority",
                        "a"),
                malformed("8.3.1 two methods", with(":method", "POST")),
                malformed("8.3.1 two schemes", with(":scheme", "https")),
                malformed("8.3.1 two paths", with(":path", "/admin/x")),
                malformed("8.3.1 two authorities", with(":authority", "other")),
                malformed("8.5 protocol without its setting", with(":protocol", "websocket")),
                of(
                        "8.1 pseudo-header field behind the body",
                        Http2Error.PROTOCOL_ERROR,
                        client -> client.post(1, HELD).headers(1, true, ":method", "POST")));
    }

    private static Case malformed(String name, String... lines) {
        return of(name, Http2Error.PROTOCOL_ERROR, client -> client.headers(1, true, lines));
    }

    /** Other streams go on, unless the codec takes the fault for one of the connection, which it may. */
    @ParameterizedTest
    @MethodSource("faultsOfAStream")
    void streamWhenItsClientBreaksARuleThenResetWithTheReason(Case fault) {
        int before = WORLD.backend().received().size();
        try (RawHttp2 client = RawHttp2.connect(WORLD.port())) {
            fault.fault().accept(client);

            Outcome outcome = client.awaitReset(1);
            assertThat(outcome.reset() < 0 ? client.goAway() : outcome.reset())
                    .isEqualTo(fault.error().code());
            if (client.goAway() < 0) {
                assertThat(client.get(7, "/open/after").await(7).status()).isEqualTo(200);
            }
        }
        assertThat(WORLD.backend()
                        .received()
                        .subList(before, WORLD.backend().received().size()))
                .extracting(request -> request.method() + " " + request.path())
                .doesNotContain("GET /open/x", "GET /admin/x");
    }

    /** The gateway tells frames behind an end from others by what it remembers of the stream. */
    static Stream<Case> framesBehindTheEnd() {
        return Stream.of(
                of("5.1 DATA behind the end", Http2Error.STREAM_CLOSED, client -> client.data(1, true, "x")),
                of("5.1 HEADERS behind the end", Http2Error.PROTOCOL_ERROR, client -> client.headers(1, true, GET)),
                of(
                        "5.1 CONTINUATION behind the end",
                        Http2Error.PROTOCOL_ERROR,
                        client -> client.frame(CONTINUATION, END_HEADERS, 1, client.block(GET))));
    }

    @ParameterizedTest
    @MethodSource("framesBehindTheEnd")
    void streamWhenItHasEndedThenTakesNoMore(Case fault) {
        try (RawHttp2 client = RawHttp2.connect(WORLD.port())) {
            client.get(1, "/open/hold/behind-the-end").ping();

            fault.fault().accept(client);

            Outcome outcome = client.awaitReset(1);
            assertThat(outcome.reset() < 0 ? client.goAway() : outcome.reset())
                    .isEqualTo(fault.error().code());
        }
    }

    /** The codec takes it for one that has been closed, which RFC 9113 section 5.1.1 would end the connection for. */
    @Test
    void streamWhenItsNumberIsLowerThenReset() {
        try (RawHttp2 client = RawHttp2.connect(WORLD.port())) {
            client.headers(5, true, GET).headers(3, true, GET);

            assertThat(client.awaitReset(3).reset()).isEqualTo(Http2Error.STREAM_CLOSED.code());
            assertThat(client.await(5).status()).isEqualTo(200);
        }
    }

    @Test
    void framesWhenUnknownOrHarmlessThenPassedOver() {
        try (RawHttp2 client = RawHttp2.connect(WORLD.port())) {
            client.frame(UNKNOWN, 0, 0, EIGHT)
                    .setting(0xff, 1)
                    .frame(PING, 0x16, 0, EIGHT)
                    .frame(PRIORITY_FRAME, 0, 9, dependency(7))
                    .post(1, "/open/x")
                    .frame(UNKNOWN, 0, 1, EIGHT)
                    .frame(DATA, PADDED, 1, new byte[] {2, 'a', 0, 0})
                    .data(1, true, "b");
            client.frame(HEADERS, END_STREAM, 3, client.block(GET)).frame(CONTINUATION, 0, 3, NOTHING);
            client.frame(CONTINUATION, END_HEADERS, 3, client.block("x-more", "a"));

            assertThat(client.await(1).status()).isEqualTo(200);
            assertThat(client.await(3).status()).isEqualTo(200);
        }
    }

    @Test
    void prefaceWhenBrokenThenNoRequest() {
        try (RawHttp2 client = RawHttp2.open(WORLD.port())) {
            client.send("PRI * HTTP/2.0\r\n\r\nSX\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(client.awaitEnd()).isEqualTo(-1);
        }
        // One of another test may still be on its way.
        assertThat(WORLD.backend().received())
                .extracting(RecordingBackend.Received::method)
                .doesNotContain("PRI", "SX");
    }
}
