package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.pipeline.client.ClientAddress;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.session.ClientFacts;
import dev.latchkey.gateway.user.Password;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/** From a sign-in request to a session: who says to be whom, from where, with which device. */
@Component
final class PresentedCredentials {

    private final SessionStarter starter;
    private final HeldSession held;
    private final ClientAddress addresses;

    PresentedCredentials(SessionStarter starter, HeldSession held, ClientAddress addresses) {
        this.starter = starter;
        this.held = held;
        this.addresses = addresses;
    }

    Mono<StartOutcome> start(ServerRequest request, RequestBody body) {
        Optional<String> name = body.field("username");
        Optional<String> password = body.field("password");
        if (name.isEmpty() || password.isEmpty()) {
            return Mono.just(new StartOutcome.Refused(Problem.malformed("A username and a password are needed")));
        }
        Credentials credentials = new Credentials(name.get(), new Password(password.get()));
        ServerHttpRequest raw = request.exchange().getRequest();
        return held.of(raw, credentials.name()).flatMap(session -> starter.start(credentials, client(raw), session));
    }

    private ClientFacts client(ServerHttpRequest request) {
        String userAgent = request.getHeaders().getFirst(HttpHeaders.USER_AGENT);
        return new ClientFacts(UserAgentLabel.describe(userAgent == null ? "" : userAgent), addresses.of(request));
    }
}
