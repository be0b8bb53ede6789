package dev.latchkey.gateway.listener.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.RawHttp2;
import dev.latchkey.gateway.testing.World;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one client may ask of the gateway by HTTP/2. */
final class Http2LimitsIT {

    private static final int RESETS = 20;
    private static final int STREAMS = 10;
    private static final int CONTROL_FRAMES = FrameWatch.MOST_CONTROL_FRAMES;
    private static final int INITIAL_WINDOW = 4;
    private static final int SMALL = FrameWatch.SMALL_WINDOW;
    private static final int FIRST_TOO_MANY = 2 * STREAMS + 1;
    private static final int CONNECTION_WINDOW = 1 << 20;

    /** As large as a frame may be, and as many as fit in a stream's window. */
    private static final int FRAME = 16_000;

    private static final int FRAMES = 4;
    private static final String[] POST = {
        ":method", "POST", ":scheme", "http", ":path", "/open/x", ":authority", "localhost"
    };
    private static final String[] MALFORMED = {
        ":method", "POST", ":scheme", "http", ":path", "/open/x", ":authority", "localhost", "te", "gzip"
    };
    private static final long CALM = Http2Error.ENHANCE_YOUR_CALM.code();

    @RegisterExtension
    static final World WORLD = new World(Map.of(
            "latchkey.http2.cleartext",
            true,
            "latchkey.http2.max-resets",
            RESETS,
            "latchkey.http2.max-concurrent-streams",
            STREAMS));

    private final RawHttp2 client = RawHttp2.connect(WORLD.port());

    @AfterEach
    void close() {
        client.close();
    }

    /** CVE-2023-44487. */
    @Test
    void streamsWhenTheClientResetsManyThenTheConnectionEnds() {
        for (int stream = 1; stream <= 2 * RESETS + 1; stream += 2) {
            client.get(stream, "/open/hold/rapid").reset(stream);
        }

        assertThat(client.awaitEnd()).isEqualTo(CALM);
    }

    /** CVE-2025-8671. */
    @Test
    void streamsWhenTheClientMakesTheGatewayResetManyThenTheConnectionEnds() {
        for (int stream = 1; stream <= 2 * RESETS + 1; stream += 2) {
            client.get(stream, "/open/hold/made").windowUpdate(stream, 0);
        }

        assertThat(client.awaitEnd()).isEqualTo(CALM);
    }

    /** CVE-2019-9512, 9513 and 9515, and frames of which nobody knows what they are (RFC 9113 section 5.5). */
    @ParameterizedTest
    @CsvSource({
        "PING, 6, 0, 8",
        "SETTINGS, 4, 0, 0",
        "PRIORITY, 2, 7, 5",
        "GOAWAY, 7, 0, 8",
        "PRIORITY_UPDATE, 16, 0, 4",
        "none, 250, 3, 0"
    })
    void framesWhenManyAskForNothingThenTheConnectionEnds(String name, int type, int stream, int length) {
        client.ping();
        for (int number = 0; number <= CONTROL_FRAMES && !client.isClosed(); number++) {
            client.frame(type, 0, stream, new byte[length]);
        }

        assertThat(client.awaitEnd()).as(name).isEqualTo(CALM);
    }

    /** They open windows that are open, as if they returned what was never sent. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void windowWhenItIsOpenedForNothingThenTheConnectionEnds(int stream) {
        client.get(1, "/open/hold/reader");
        for (int number = 0; number <= 2 * CONTROL_FRAMES && !client.isClosed(); number++) {
            client.windowUpdate(stream, SMALL);
        }

        assertThat(client.awaitEnd()).isEqualTo(CALM);
    }

    /** As a client does that returns each small part when it has read it: here three times a request. */
    @Test
    void windowWhenSmallPartsAreReturnedThenNoFlood() {
        for (int stream = 1; stream < CONTROL_FRAMES; stream += 2) {
            assertThat(client.get(stream, "/open/chunked").await(stream).body()).isEqualTo("one two");
        }

        assertThat(client.ping().goAway()).isEqualTo(-1);
    }

    /** As small devices do, which return half of a window when they have read it. */
    @ParameterizedTest
    @ValueSource(ints = {2 * SMALL, 500, 4096})
    void windowWhenShortAndReturnedInHalvesThenNoFlood(int window) {
        client.keepWindows().setting(INITIAL_WINDOW, window).get(1, "/open/large");
        int wanted = 2 * CONTROL_FRAMES * window / 2;
        for (int read = window / 2; read <= wanted && !client.isClosed(); read += window / 2) {
            client.awaitBody(1, read);
            client.windowUpdate(1, window / 2).windowUpdate(0, window / 2);
        }

        assertThat(client.awaitBody(1, wanted).body()).hasSizeGreaterThanOrEqualTo(wanted);
        assertThat(client.goAway()).isEqualTo(-1);
    }

    /** CVE-2019-9511: a body that is asked for byte by byte, or nearly so. */
    @ParameterizedTest
    @ValueSource(ints = {1, SMALL - 1})
    void windowWhenItIsOpenedByFewBytesThenTheConnectionEnds(int few) {
        client.keepWindows().setting(INITIAL_WINDOW, 0).windowUpdate(0, 1 << 20).get(1, "/open/large");
        for (int number = 1; number <= 2 * CONTROL_FRAMES && !client.isClosed(); number++) {
            client.windowUpdate(1, few);
            if (number % 100 == 0) {
                client.ping();
            }
        }

        assertThat(client.awaitEnd()).isEqualTo(CALM);
    }

    /** Its client may have sent them before it knew (RFC 9113 section 5.1). */
    @Test
    void framesWhenTheGatewayHasResetTheirStreamThenDropped() {
        refused(1);
        for (int number = 0; number < 2 * RESETS; number++) {
            client.data(1, false, "late");
        }
        client.headers(1, true, "x-sum", "7").ping();

        assertThat(client.of(1).reset()).isEqualTo(Http2Error.NO_ERROR.code());
        assertThat(client.goAway()).isEqualTo(-1);
        assertThat(client.get(3, "/open/x").await(3).status()).isEqualTo(200);
    }

    @Test
    void framesWhenManyComeOnAStreamThatWasResetThenTheConnectionEnds() {
        refused(1);
        for (int number = 0; number <= CONTROL_FRAMES && !client.isClosed(); number++) {
            client.data(1, false, "");
        }

        assertThat(client.awaitEnd()).isEqualTo(CALM);
    }

    private void refused(int stream) {
        client.post(stream, "/nowhere").data(stream, false, "abc");
        assertThat(client.awaitReset(stream).reset()).isEqualTo(Http2Error.NO_ERROR.code());
    }

    /** Its client had not read of the limit yet (RFC 9113 sections 3.4 and 5.1.2). */
    @Test
    void streamsWhenMoreThanAllowedComeWithBodiesThenTheyAloneAreRefused() {
        for (int stream = 1; stream < 2 * STREAMS; stream += 2) {
            client.post(stream, "/open/hold/bodies").data(stream, true, "abc");
        }
        for (int stream = FIRST_TOO_MANY; stream < FIRST_TOO_MANY + 2 * RESETS; stream += 2) {
            client.post(stream, "/open/too-many", "x-table", "1");
            sendTheRest(stream);
        }
        client.ping();

        assertThat(client.goAway()).isEqualTo(-1);
        for (int stream = FIRST_TOO_MANY; stream < FIRST_TOO_MANY + 2 * RESETS; stream += 2) {
            assertThat(client.of(stream).reset()).isEqualTo(Http2Error.REFUSED_STREAM.code());
        }
        WORLD.backend().release("bodies");
        for (int stream = 1; stream < 2 * STREAMS; stream += 2) {
            assertThat(client.await(stream).body()).isEqualTo("held");
        }
        assertTablesAreTheSame(FIRST_TOO_MANY + 2 * RESETS);
        assertThat(WORLD.backend().received())
                .extracting(request -> request.path())
                .doesNotContain("/open/too-many");
    }

    /** Each is sent behind the fields of a POST (RFC 9113 sections 8.1.1, 8.2 and 8.3.1). */
    @ParameterizedTest
    @CsvSource({
        "'transfer-encoding', 'chunked'",
        "'te', 'gzip'",
        "'X-Upper', 'a'",
        "'x-a', ' a'",
        "':path', '/open/y'",
        "'content-length', '-1'"
    })
    void headWhenMalformedAndItsBodyIsOnItsWayThenItsStreamAloneEnds(String name, String value) {
        client.post(1, "/open/x")
                .data(1, false, "abc")
                .frame(Http2FrameTypes.HEADERS, 0, 3, client.block(POST))
                .frame(
                        Http2FrameTypes.CONTINUATION,
                        RawHttp2.END_HEADERS,
                        3,
                        client.block(name, value, "x-table", "1"));

        assertThatStreamAloneEnds(3, Http2Error.PROTOCOL_ERROR);
    }

    @Test
    void headWhenAPseudoFieldIsEmptyAndItsBodyIsOnItsWayThenItsStreamAloneEnds() {
        client.post(1, "/open/x").data(1, false, "abc").post(3, "", "x-table", "1");

        assertThatStreamAloneEnds(3, Http2Error.PROTOCOL_ERROR);
    }

    private void assertThatStreamAloneEnds(int stream, Http2Error reason) {
        sendTheRest(stream);

        assertThat(client.ping().goAway()).isEqualTo(-1);
        assertThat(client.of(stream).reset()).isEqualTo(reason.code());
        assertThat(client.data(1, true, "def").await(1).status()).isEqualTo(200);
        assertTablesAreTheSame(stream + 2);
    }

    /** All kinds of frames that a client may send on a stream of its own before it knows that it was reset. */
    private void sendTheRest(int stream) {
        client.data(stream, false, "abc")
                .frame(Http2FrameTypes.DATA, RawHttp2.PADDED, stream, new byte[] {2, 'd', 0, 0})
                .windowUpdate(stream, SMALL)
                .headers(stream, true, "x-sum", "7", "x-a", " malformed")
                .reset(stream);
    }

    /** The fields of refused heads and trailers are sent as numbers now (RFC 7541 section 2.3.2). */
    private void assertTablesAreTheSame(int stream) {
        assertThat(client.get(stream, "/open/tables", "x-table", "1", "x-sum", "7")
                        .await(stream)
                        .status())
                .isEqualTo(200);
        assertThat(WORLD.backend().last().headers().get("x-table")).isEqualTo("1");
        assertThat(WORLD.backend().last().headers().get("x-sum")).isEqualTo("7");
    }

    /** So large that the codec itself refuses it. */
    @Test
    void headWhenTooLargeAndItsBodyIsOnItsWayThenDropped() {
        client.frame(Http2FrameTypes.HEADERS, 0, 1, client.block(POST));
        for (int number = 0; number < 5; number++) {
            client.frame(
                    Http2FrameTypes.CONTINUATION,
                    number == 4 ? RawHttp2.END_HEADERS : 0,
                    1,
                    client.block("x-a", "x".repeat(15_000)));
        }
        for (int number = 0; number < 2 * RESETS; number++) {
            client.data(1, false, "late");
        }

        assertThat(client.ping().goAway()).isEqualTo(-1);
        assertThat(client.of(1).status()).isEqualTo(431);
        assertThat(client.get(3, "/open/x").await(3).status()).isEqualTo(200);
    }

    /** More than the connection's window, and the padding counts (RFC 9113 section 6.9.1). */
    @Test
    void windowWhenTheBodiesOfRefusedStreamsFillItThenOpenForOthers() {
        byte[] padded = new byte[FRAME];
        padded[0] = (byte) 0xff;
        int sent = 0;
        int stream = 1;
        for (; stream < 2 * RESETS; stream += 2) {
            client.headers(stream, false, MALFORMED);
            for (int number = 0; number < FRAMES; number++) {
                client.frame(Http2FrameTypes.DATA, RawHttp2.PADDED, stream, padded);
                sent += padded.length;
            }
        }
        client.ping();

        assertThat(sent).isGreaterThan(CONNECTION_WINDOW);
        assertThat(client.goAway()).isEqualTo(-1);
        assertThat(Http2CodecUtil.DEFAULT_WINDOW_SIZE + client.returned() - sent)
                .isGreaterThanOrEqualTo(CONNECTION_WINDOW / 2);
        client.post(stream, "/open/x");
        for (int number = 1; number <= FRAMES; number++) {
            client.frame(Http2FrameTypes.DATA, number == FRAMES ? RawHttp2.END_STREAM : 0, stream, new byte[FRAME]);
        }
        assertThat(client.await(stream).status()).isEqualTo(200);
    }

    /** CVE-2025-8671: each of them costs a reset, though none costs a stream. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void streamsWhenManyAreRefusedThenTheConnectionEnds(boolean isMalformed) {
        for (int stream = 1; stream < 2 * STREAMS; stream += 2) {
            client.get(stream, "/open/hold/refusals");
        }
        int stream = FIRST_TOO_MANY;
        for (int number = 0; number <= RESETS && !client.isClosed(); number++) {
            client.headers(stream, false, isMalformed ? MALFORMED : POST)
                    .data(stream, false, "abc")
                    .reset(stream);
            stream += 2;
        }

        assertThat(client.awaitEnd()).isEqualTo(CALM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DATA", "HEADERS", "RST_STREAM"})
    void framesWhenManyComeOnAStreamThatWasRefusedThenTheConnectionEnds(String type) {
        client.headers(1, false, MALFORMED).ping();
        assertThat(client.goAway()).isEqualTo(-1);
        for (int number = 0; number <= CONTROL_FRAMES + 1 && !client.isClosed(); number++) {
            switch (type) {
                case "DATA" -> client.data(1, false, "");
                case "HEADERS" -> client.headers(1, true, "x-sum", "7");
                default -> client.reset(1);
            }
        }

        assertThat(client.awaitEnd()).isEqualTo(CALM);
    }

    /** CVE-2024-27316. */
    @Test
    void fieldBlockWhenItDoesNotEndThenTheConnectionDoes() {
        client.frame(
                Http2FrameTypes.HEADERS,
                RawHttp2.END_STREAM,
                1,
                client.block(":method", "GET", ":scheme", "http", ":path", "/open/endless", ":authority", "localhost"));
        for (int number = 0; number < CONTROL_FRAMES && !client.isClosed(); number++) {
            client.frame(Http2FrameTypes.CONTINUATION, 0, 1, new byte[0]);
        }

        assertThat(client.awaitEnd()).isEqualTo(CALM);
        assertThat(WORLD.backend().received())
                .extracting(request -> request.path())
                .doesNotContain("/open/endless");
    }

    @Test
    void streamsWhenMoreThanAllowedThenRefusedAndTheOthersServed() {
        for (int stream = 1; stream <= 2 * STREAMS + 1; stream += 2) {
            client.get(stream, "/open/hold/many");
        }

        assertThat(client.setting(3)).isNull();
        assertThat(client.await(2 * STREAMS + 1).reset()).isEqualTo(Http2Error.REFUSED_STREAM.code());
        assertThat(client.setting(3)).isEqualTo(STREAMS);
        WORLD.backend().release("many");
        assertThat(client.await(1).status()).isEqualTo(200);
        assertThat(client.get(2 * STREAMS + 3, "/open/x").await(2 * STREAMS + 3).status())
                .isEqualTo(200);
    }

    @Test
    void headWhenTooLargeThenRefusedAsInHttp11() {
        String large = "x".repeat(15_000);
        client.get(1, "/open/x", "x-a", large);
        client.frame(
                Http2FrameTypes.HEADERS,
                RawHttp2.END_STREAM,
                3,
                client.block(
                        ":method",
                        "GET",
                        ":scheme",
                        "http",
                        ":path",
                        "/open/x",
                        ":authority",
                        "localhost",
                        "x-b",
                        large));
        client.frame(Http2FrameTypes.CONTINUATION, 0, 3, client.block("x-c", large));
        client.frame(Http2FrameTypes.CONTINUATION, RawHttp2.END_HEADERS, 3, client.block("x-d", large));
        client.frame(
                Http2FrameTypes.HEADERS,
                RawHttp2.END_STREAM,
                5,
                client.block(
                        ":method", "GET", ":scheme", "http", ":authority", "localhost", ":path", "/open/" + large));
        client.frame(Http2FrameTypes.CONTINUATION, RawHttp2.END_HEADERS, 5, client.block("x-c", "x".repeat(2_000)));
        client.get(7, "/open/" + "y".repeat(16_500));

        assertThat(client.await(1).status()).isEqualTo(200);
        assertThat(client.await(3).status()).isEqualTo(431);
        assertThat(client.of(3).body()).contains("header-fields-too-large");
        assertThat(client.await(5).status()).isEqualTo(200);
    }

    /** A few bytes stand for many, because they name a field that was sent before. */
    @Test
    void fieldsWhenTheyGrowInTheTableThenRefused() {
        byte[] field = client.block("x-bomb", "x".repeat(3_900));
        byte[] bomb = ByteBuffer.allocate(10_000).array();
        Arrays.fill(bomb, (byte) 0xbe);
        byte[] head =
                client.block(":method", "GET", ":scheme", "http", ":path", "/open/bomb", ":authority", "localhost");
        client.frame(Http2FrameTypes.HEADERS, RawHttp2.END_STREAM, 1, head)
                .frame(Http2FrameTypes.CONTINUATION, 0, 1, field)
                .frame(Http2FrameTypes.CONTINUATION, RawHttp2.END_HEADERS, 1, bomb);

        client.await(1);
        assertThat(client.of(1).status() == 431 || client.goAway() >= 0).isTrue();
        assertThat(WORLD.backend().received())
                .extracting(request -> request.path())
                .doesNotContain("/open/bomb");
    }
}
