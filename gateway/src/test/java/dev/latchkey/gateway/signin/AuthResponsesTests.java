package dev.latchkey.gateway.signin;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.latchkey.gateway.audit.RepeatedEvents;
import dev.latchkey.gateway.origin.PublicOriginsProperties;
import dev.latchkey.gateway.page.PageHeaders;
import dev.latchkey.gateway.pipeline.RefusedRequests;
import dev.latchkey.gateway.pipeline.client.ClientAddress;
import dev.latchkey.gateway.pipeline.client.ForwardingProperties;
import dev.latchkey.gateway.problem.ProblemWriter;
import dev.latchkey.gateway.problem.SignInLink;
import dev.latchkey.gateway.token.EndpointPaths;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.reactive.function.server.HandlerStrategies;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.result.view.ViewResolver;
import reactor.core.publisher.Mono;

/** Tokens go to the client, and nowhere else. */
final class AuthResponsesTests {

    private static final Logger FRAMEWORK = (Logger) LoggerFactory.getLogger("org.springframework.http.codec");

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        FRAMEWORK.addAppender(log);
        FRAMEWORK.setLevel(Level.TRACE);
    }

    @AfterEach
    void stop() {
        FRAMEWORK.setLevel(null);
        FRAMEWORK.detachAppender(log);
    }

    @Test
    void jsonWhenTheFrameworkLogsEverythingThenTokensAreNotInTheLog() {
        PublicOriginsProperties origins = new PublicOriginsProperties(List.of("https://shop.example"));
        PageHeaders pageHeaders = new PageHeaders(origins);
        SignInLink signInLink = new SignInLink(origins, EndpointPaths.DEFAULT);
        AuthResponses responses = new AuthResponses(
                new ProblemWriter(new SimpleMeterRegistry(), pageHeaders, EndpointPaths.DEFAULT, signInLink),
                pageHeaders,
                new RefusedRequests(
                        new RepeatedEvents(event -> {}, InstantSource.system()),
                        new ClientAddress(new ForwardingProperties(List.of()))));
        MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.post("/auth/token"));

        Mono.when(
                        ServerResponse.ok()
                                .bodyValue(Map.of("word", "harmless"))
                                .flatMap(response -> response.writeTo(
                                        MockServerWebExchange.from(MockServerHttpRequest.get("/")), new Writers())),
                        responses
                                .json(Map.of("accessToken", "s3cr3t"))
                                .flatMap(response -> response.writeTo(exchange, new Writers())))
                .block();

        assertThat(exchange.getResponse().getBodyAsString().block()).contains("s3cr3t");
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(line -> line.contains("harmless"))
                .noneMatch(line -> line.contains("s3cr3t"));
    }

    private static final class Writers implements ServerResponse.Context {

        @Override
        public List<HttpMessageWriter<?>> messageWriters() {
            return HandlerStrategies.withDefaults().messageWriters();
        }

        @Override
        public List<ViewResolver> viewResolvers() {
            return List.of();
        }
    }
}
