package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.AuditLog;
import dev.latchkey.gateway.logging.ThrottledLog;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.RequestBody;
import dev.latchkey.gateway.provider.LogoutTokens;
import dev.latchkey.gateway.provider.LogoutTokens.Good;
import dev.latchkey.gateway.provider.Provider;
import dev.latchkey.gateway.provider.Providers;
import dev.latchkey.gateway.session.RevokeOutcome;
import dev.latchkey.gateway.signin.AuthResponses;
import dev.latchkey.gateway.signin.provider.FirstUses.Kind;
import dev.latchkey.gateway.upstream.Upstreams;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * {@code POST /auth/providers/{provider}/logout}: a provider says that a session or a user there has ended (OpenID
 * Connect Back-Channel Logout 1.0 section 2.5). No cookie and no origin counts, only the token's signature. That
 * nothing here belongs to it is no error: its user is signed out already.
 */
@Component
final class BackChannelLogoutEndpoint {

    /** Anybody can send one. */
    private static final ThrottledLog LOG =
            new ThrottledLog(LoggerFactory.getLogger(BackChannelLogoutEndpoint.class), Level.WARN);

    private final Providers providers;
    private final LogoutTokens tokens;
    private final Upstreams upstreams;
    private final FirstUses uses;
    private final AuthResponses responses;
    private final AuditLog audit;

    BackChannelLogoutEndpoint(
            Providers providers,
            LogoutTokens tokens,
            Upstreams upstreams,
            FirstUses uses,
            AuthResponses responses,
            AuditLog audit) {
        this.providers = providers;
        this.tokens = tokens;
        this.upstreams = upstreams;
        this.uses = uses;
        this.responses = responses;
        this.audit = audit;
    }

    Mono<ServerResponse> submit(ServerRequest request) {
        Optional<Provider> provider = StartEndpoint.named(providers, request);
        if (provider.isEmpty()) {
            return responses.problem(request, Problem.NOT_FOUND);
        }
        return RequestBody.form(request.exchange().getRequest())
                .flatMap(body -> body.field("logout_token")
                        .map(token -> judged(request, provider.get(), token))
                        .orElseGet(BackChannelLogoutEndpoint::refused));
    }

    private Mono<ServerResponse> judged(ServerRequest request, Provider provider, String token) {
        return tokens.judge(provider, token)
                .flatMap(judgement -> judgement.fold(
                        logout -> accepted(request, provider, logout),
                        bad -> {
                            LOG.write("A logout token is rejected", provider.name() + ": " + bad.why());
                            return refused();
                        },
                        () -> responses.problem(request, Problem.PROVIDER_UNAVAILABLE)));
    }

    /** A token that comes again, as by someone who has seen it, ends nothing (section 2.6). */
    private Mono<ServerResponse> accepted(ServerRequest request, Provider provider, Good logout) {
        return uses.isNew(Kind.LOGOUT, idOf(provider, logout))
                .flatMap(found -> found.fold(
                        isNew -> isNew ? ended(request, provider, logout) : done(), () -> unavailable(request)));
    }

    private static String idOf(Provider provider, Good logout) {
        return provider.name() + "|" + logout.jti();
    }

    /** One that names a session ends that one alone, also if it names the user, too. */
    private Mono<ServerResponse> ended(ServerRequest request, Provider provider, Good logout) {
        return upstreams
                .end(provider.name(), logout.sid(), logout.sid().isPresent() ? Optional.empty() : logout.sub())
                .flatMap(outcome -> {
                    if (outcome == RevokeOutcome.UNAVAILABLE) {
                        return unavailable(request);
                    }
                    audit.record(AuditEvent.loggedOut(provider.name()));
                    return usedUp(request, provider, logout);
                });
    }

    /** Only once all has ended: until then the provider has to send it again, and ending twice does no harm. */
    private Mono<ServerResponse> usedUp(ServerRequest request, Provider provider, Good logout) {
        return uses.use(Kind.LOGOUT, idOf(provider, logout), logout.rest())
                .flatMap(used -> used.fold(first -> done(), () -> unavailable(request)));
    }

    private Mono<ServerResponse> unavailable(ServerRequest request) {
        return responses.problem(request, Problem.UNAVAILABLE);
    }

    private static Mono<ServerResponse> done() {
        return ServerResponse.ok().header(HttpHeaders.CACHE_CONTROL, "no-store").build();
    }

    /** As section 2.8 has it: the provider's own log is where this is read. */
    private static Mono<ServerResponse> refused() {
        return ServerResponse.status(HttpStatus.BAD_REQUEST)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(Map.of("error", "invalid_request"));
    }
}
