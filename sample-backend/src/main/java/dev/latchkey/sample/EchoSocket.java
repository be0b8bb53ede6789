package dev.latchkey.sample;

import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Greets with the caller's identity, then sends every text message back. */
final class EchoSocket implements WebSocketHandler {

    private final SampleProperties properties;
    private final JsonMapper json;

    EchoSocket(SampleProperties properties, JsonMapper json) {
        this.properties = properties;
        this.json = json;
    }

    @Override
    public Mono<Void> handle(WebSocketSession session) {
        Flux<WebSocketMessage> echoes = session.receive()
                .filter(message -> message.getType() == WebSocketMessage.Type.TEXT)
                .map(message -> session.textMessage(message.getPayloadAsText()));
        return session.send(greeting(session).concatWith(echoes));
    }

    private Mono<WebSocketMessage> greeting(WebSocketSession session) {
        return session.getHandshakeInfo()
                .getPrincipal()
                .map(principal -> caller(((Authentication) principal).getPrincipal()))
                .defaultIfEmpty(caller(null))
                .map(caller -> session.textMessage(json.writeValueAsString(caller)));
    }

    private Caller caller(@Nullable Object principal) {
        return Caller.of(properties.name(), principal instanceof Jwt token ? token : null);
    }
}
