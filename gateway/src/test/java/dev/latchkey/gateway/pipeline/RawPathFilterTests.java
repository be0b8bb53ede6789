package dev.latchkey.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.RepeatedEvents;
import dev.latchkey.gateway.pipeline.client.ClientAddress;
import dev.latchkey.gateway.pipeline.client.ForwardingProperties;
import dev.latchkey.gateway.pipeline.paths.AmbiguousPaths;
import dev.latchkey.gateway.problem.TestProblems;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.WebHandler;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** Through a real server and a bare socket, for no client sends these paths as they are. */
final class RawPathFilterTests {

    private static final List<AuditEvent> AUDIT = new CopyOnWriteArrayList<>();
    private static DisposableServer server;

    @BeforeAll
    static void start() {
        WebHandler behind = exchange -> {
            ServerHttpResponse response = exchange.getResponse();
            byte[] path = exchange.getRequest().getURI().getRawPath().getBytes(StandardCharsets.UTF_8);
            DataBuffer body = response.bufferFactory().wrap(path);
            return response.writeWith(Mono.just(body));
        };
        RefusedRequests refusedRequests = new RefusedRequests(
                new RepeatedEvents(AUDIT::add, InstantSource.system()),
                new ClientAddress(new ForwardingProperties(List.of())));
        var handler = WebHttpHandlerBuilder.webHandler(behind)
                .filter(new RawPathFilter(
                        unused -> Optional.empty(),
                        new AmbiguousPaths(unused -> Optional.empty()),
                        refusedRequests,
                        new ErrorResponses(
                                TestProblems.writer(),
                                (exchange, wanted) -> Mono.just("/auth/sign-in"),
                                refusedRequests)))
                .codecConfigurer(ServerCodecConfigurer.create())
                .build();
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle(new ReactorHttpHandlerAdapter(handler))
                .bindNow(Duration.ofSeconds(10));
    }

    @AfterAll
    static void stop() {
        server.disposeNow(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @CsvFileSource(resources = "paths/raw-paths.csv", delimiter = '|', quoteCharacter = '`')
    void filterWhenPathThenByTheList(String path, boolean unambiguous) {
        String answer = answerTo("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n");

        assertThat(answer).startsWith(unambiguous ? "HTTP/1.1 200" : "HTTP/1.1 400");
        if (unambiguous) {
            assertThat(answer).contains(path);
        }
    }

    @Test
    void filterWhenRefusedThenProblem() {
        String answer = answerTo("GET /open/%2e%2e/api HTTP/1.1\r\nHost: localhost\r\n");

        assertThat(answer).contains("application/problem+json", "urn:latchkey:problem:malformed-request");
        assertThat(AUDIT)
                .as("once a minute, however many there are")
                .containsExactly(AuditEvent.requestRefused("ambiguous-path", Optional.empty(), "127.0.0.1"));
    }

    @ParameterizedTest
    @CsvSource({
        "/a?x=1, 200",
        "/a?ids[]=1&y=%5B, 200",
        "/a?x=../../b;c, 200",
        "http://localhost/a, 200",
        "http://localhost/open/%2e%2e/a, 400",
        "http://localhost//a, 400",
    })
    void filterWhenTargetThenJudgedAsOneUri(String target, String status) {
        assertThat(answerTo("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n"))
                .startsWith("HTTP/1.1 " + status);
    }

    private static String answerTo(String head) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            String request = head + "Connection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
