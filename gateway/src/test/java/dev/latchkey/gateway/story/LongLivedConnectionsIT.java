package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.LiveConnection;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.World;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.WebsocketClientSpec;

/**
 * WebSocket and server-sent events: established through an expired access token, with the new cookies in the handshake.
 */
final class LongLivedConnectionsIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    @Test
    void webSocketWhenTheAccessTokenHasExpiredThenOpensAndBringsTheNewCookies() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.expireAccessToken();
        AtomicReference<HttpHeaders> handshake = new AtomicReference<>();
        List<String> echoes = reactor.netty.http.client.HttpClient.create()
                .headers(headers -> headers.add("Cookie", browser.cookies()).add("Origin", World.ORIGIN))
                .websocket(WebsocketClientSpec.builder().build())
                .uri("ws://127.0.0.1:" + WORLD.port() + "/api/socket")
                .handle((in, out) -> {
                    handshake.set(in.headers());
                    return out.sendString(Mono.just("hello"))
                            .then()
                            .thenMany(in.receive().asString().take(1));
                })
                .collectList()
                .block(Duration.ofSeconds(10));
        assertThat(echoes).containsExactly("echo hello");
        assertThat(handshake.get().getAll("Set-Cookie"))
                .anyMatch(cookie -> cookie.startsWith("latchkey-access="))
                .anyMatch(cookie -> cookie.startsWith("latchkey-refresh-0="));
        assertThat(WORLD.identityOf(WORLD.backend().last())).isNotNull();
    }

    @Test
    void webSocketWhenFromAForeignSiteThenForbidden() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.backend().forget();
        String request =
                "GET /api/socket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                        + "Origin: https://evil.example\r\nSec-Fetch-Site: cross-site\r\nCookie: " + browser.cookies()
                        + "\r\n\r\n";
        assertThat(RawConnection.status(WORLD.port(), request)).isEqualTo(403);
        assertThat(WORLD.backend().received()).isEmpty();
    }

    @Test
    void eventsWhenTheAccessTokenHasExpiredThenStreamAndBringTheNewCookies() throws Exception {
        Browser browser = WORLD.signedIn("ada");
        WORLD.expireAccessToken();
        HttpRequest request = HttpRequest.newBuilder(URI.create(WORLD.url() + "/api/events"))
                .header("Accept", "text/event-stream")
                .header("Cookie", browser.cookies())
                .build();
        HttpResponse<InputStream> answer =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Browser.cookiesOf(answer)).containsExactly("latchkey-access", "latchkey-refresh-0");
        try (InputStream events = answer.body()) {
            assertThat(new String(events.readNBytes(18), StandardCharsets.UTF_8))
                    .startsWith("data: 0\n\ndata: 1");
        }
    }

    @Test
    @Timeout(60)
    void eventsWhenTheSessionReachesItsEndThenClosed() throws Exception {
        Browser browser = WORLD.signedIn("ada");
        WORLD.clock().advance(World.ABSOLUTE.minusSeconds(1));
        HttpRequest request = HttpRequest.newBuilder(URI.create(WORLD.url() + "/api/events"))
                .header("Accept", "text/event-stream")
                .header("Cookie", browser.cookies())
                .timeout(Duration.ofSeconds(20))
                .build();
        HttpResponse<InputStream> answer =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(endOf(answer))
                .as("the stream ends within seconds, by itself")
                .isTrue();
    }

    /** Its client takes it for one, whatever the backend calls it, so it must not outlive the session. */
    @Test
    void eventsWhenTheRouteSaysThatTheyAreThenEndWithTheSession() throws Exception {
        try (ServerSocket server = RawConnection.listen();
                Gateway node = WORLD.startFreshNode(
                        Map.of("latchkey.routes.file", typed(server).toString()))) {
            for (String way : List.of("lane", "chain")) {
                Browser ada = WORLD.signedIn("ada");
                String request = RawConnection.get("/" + way + "/x", "Cookie: " + ada.cookies() + "\r\n");
                try (RawConnection client = new RawConnection(node.port()).send(request);
                        RawConnection backend = RawConnection.accepted(server)) {
                    backend.readUntil("\r\n\r\n");
                    backend.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na\n\n\r\n");
                    client.readUntil("a\n\n\r\n");
                    assertThat(ada.post("/auth/sign-out").statusCode()).isEqualTo(204);
                    assertThat(client.readUntil("0\r\n\r\n")).as(way).isEqualTo("0\r\n\r\n");
                }
            }
        }
    }

    private static Path typed(ServerSocket server) throws IOException {
        Path file = Files.createTempFile(WORLD.folder(), "typed", ".yml");
        return Files.writeString(
                file, "version: 1\nroutes:\n" + typed("lane", "on", server) + typed("chain", "off", server));
    }

    private static String typed(String id, String lane, ServerSocket server) {
        return """
                  - id: %s
                    match: { path: /%s/** }
                    to: http://127.0.0.1:%d
                    entry: { access: required, audience: shop }
                    rewrite: { response-headers: { set: { Content-Type: text/event-stream } } }
                    lane: %s
                """.formatted(id, id, server.getLocalPort(), lane);
    }

    @Test
    void connectionsWhenTheSessionIsSignedOutOnAnotherNodeThenItsOwnEndAndNoOthers() {
        Browser ada = WORLD.signedIn("ada");
        Browser adaElsewhere = WORLD.signedIn("ada");
        try (Gateway other = startListeningNode();
                LiveConnection events = LiveConnection.events(ada, other.port());
                LiveConnection socket = LiveConnection.socket(ada, other.port());
                LiveConnection elsewhereEvents = LiveConnection.events(adaElsewhere, other.port());
                LiveConnection elsewhereSocket = LiveConnection.socket(adaElsewhere, other.port())) {
            assertThat(ada.post("/auth/sign-out").statusCode()).isEqualTo(204);
            events.awaitEnd();
            socket.awaitEnd();
            socket.awaitCloseCode(1008);
            elsewhereEvents.awaitMore();
            elsewhereSocket.awaitMore();
        }
    }

    /** On the loopback interface, what is sent to a closed connection is answered by a reset at once. */
    @Test
    void webSocketWhenItIsClosedThenAClientThatStillSendsIsNotReset() {
        String frame = "\u0081\u0082\0\0\0\0hi";
        Browser ada = WORLD.signedIn("ada");
        try (RawConnection socket = new RawConnection(WORLD.port())) {
            socket.send(RawConnection.handshake(
                    "/api/socket", "Origin: " + World.ORIGIN + "\r\nCookie: " + ada.cookies() + "\r\n"));
            assertThat(socket.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 101");
            assertThat(socket.send(frame).readUntil("echo hi")).isNotNull();
            assertThat(ada.post("/auth/sign-out").statusCode()).isEqualTo(204);

            assertThat(socket.read(4)).as("a close frame of 1008").isEqualTo("\u0088\2\3\u00f0");
            assertThat(socket.isEndedByServer()).isTrue();
            socket.send(frame);
            socket.send(frame);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThatThrownBy(() -> socket.send(frame))
                            .as("after a second the gateway waits no longer")
                            .isInstanceOf(UncheckedIOException.class));
        }
    }

    @Test
    void connectionsWhenTheUserSignsOutEverywhereThenAllOfTheirsEndOnEveryNodeAndNoOthers() {
        Browser ada = WORLD.signedIn("ada");
        Browser adaElsewhere = WORLD.signedIn("ada");
        Browser bob = WORLD.signedIn("bob");
        WORLD.clock().advance(Duration.ofSeconds(1));
        try (Gateway other = startListeningNode();
                LiveConnection here = LiveConnection.events(ada, WORLD.port());
                LiveConnection there = LiveConnection.socket(adaElsewhere, other.port());
                LiveConnection bobs = LiveConnection.socket(bob, other.port())) {
            assertThat(ada.post("/auth/sign-out?everywhere=true").statusCode()).isEqualTo(204);
            here.awaitEnd();
            there.awaitEnd();
            there.awaitCloseCode(1008);
            bobs.awaitMore();
        }
    }

    @Test
    void webSocketWhenTheSessionReachesItsEndThenClosedWithItsReason() {
        Browser browser = WORLD.signedIn("ada");
        WORLD.clock().advance(World.ABSOLUTE.minusSeconds(10));
        try (LiveConnection socket = LiveConnection.socket(browser, WORLD.port())) {
            socket.awaitEnd();
            socket.awaitCloseCode(1008);
        }
    }

    /** It hears of revocations by their messages alone: it has read the denylist, and does not soon do so again. */
    private static Gateway startListeningNode() {
        return WORLD.startFreshNode(Map.of("latchkey.denylist.read-interval", "1h"));
    }

    private static boolean endOf(HttpResponse<InputStream> answer) throws IOException {
        try (InputStream events = answer.body()) {
            events.readAllBytes();
            return true;
        } catch (IOException cut) {
            return true;
        }
    }
}
