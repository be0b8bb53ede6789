package dev.latchkey.gateway.listener.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.RawHttp2;
import dev.latchkey.gateway.testing.World;
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

    /** CVE-2024-27316. */
    @Test
    void fieldBlockWhenItDoesNotEndThenTheConnectionDoes() {
        client.frame(
                Http2FrameTypes.HEADERS,
                RawHttp2.END_STREAM,
                1,
                client.block(":method", "GET", ":scheme", "http", ":path", "/open/x", ":authority", "localhost"));
        for (int number = 0; number < CONTROL_FRAMES && !client.isClosed(); number++) {
            client.frame(Http2FrameTypes.CONTINUATION, 0, 1, new byte[0]);
        }

        assertThat(client.awaitEnd()).isEqualTo(CALM);
        assertThat(WORLD.backend().received())
                .extracting(request -> request.path())
                .doesNotContain("/open/x");
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
        byte[] head = client.block(":method", "GET", ":scheme", "http", ":path", "/open/x", ":authority", "localhost");
        client.frame(Http2FrameTypes.HEADERS, RawHttp2.END_STREAM, 1, head)
                .frame(Http2FrameTypes.CONTINUATION, 0, 1, field)
                .frame(Http2FrameTypes.CONTINUATION, RawHttp2.END_HEADERS, 1, bomb);

        client.await(1);
        assertThat(client.of(1).status() == 431 || client.goAway() >= 0).isTrue();
        assertThat(WORLD.backend().received()).isEmpty();
    }
}
