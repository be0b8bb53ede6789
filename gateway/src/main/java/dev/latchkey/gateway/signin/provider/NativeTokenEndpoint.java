package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.RepeatedEvents;
import dev.latchkey.gateway.pipeline.client.IpAddresses;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.RequestBody;
import dev.latchkey.gateway.provider.Provider;
import dev.latchkey.gateway.provider.Providers;
import dev.latchkey.gateway.session.ClientFacts;
import dev.latchkey.gateway.signin.AuthResponses;
import dev.latchkey.gateway.signin.CodeTokens;
import dev.latchkey.gateway.signin.RequestingClient;
import dev.latchkey.gateway.signin.attempts.AttemptLimiter;
import dev.latchkey.gateway.signin.provider.ExchangeOutcome.Failed;
import dev.latchkey.gateway.token.RefreshToken;
import dev.latchkey.gateway.token.TokenPair;
import dev.latchkey.gateway.token.dpop.KeyThumbprint;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * {@code POST /auth/token} with the code of a native app, which signed its user in at the provider itself: in the
 * system's browser, as a public client, with PKCE (RFC 8252). The gateway exchanges the code as that client, and keeps
 * the provider's tokens; the app gets the gateway's own.
 */
@Component
final class NativeTokenEndpoint implements CodeTokens {

    /** Longer than any provider takes a code (ten minutes at most: RFC 6749 section 4.1.2). */
    private static final Duration CODE_LIFE = Duration.ofMinutes(15);

    private final Providers providers;
    private final AttemptLimiter attempts;
    private final FirstUses uses;
    private final CodeExchange exchange;
    private final RequestingClient clients;
    private final AuthResponses responses;
    private final ProviderMeters meters;
    private final RepeatedEvents audit;

    NativeTokenEndpoint(
            Providers providers,
            AttemptLimiter attempts,
            FirstUses uses,
            CodeExchange exchange,
            RequestingClient clients,
            AuthResponses responses,
            ProviderMeters meters,
            RepeatedEvents audit) {
        this.providers = providers;
        this.attempts = attempts;
        this.uses = uses;
        this.exchange = exchange;
        this.clients = clients;
        this.responses = responses;
        this.meters = meters;
        this.audit = audit;
    }

    @Override
    public boolean isOffered() {
        return providers.all().stream().anyMatch(Provider::hasNativeClient);
    }

    @Override
    public Mono<ServerResponse> token(ServerRequest request, RequestBody body, Optional<KeyThumbprint> key) {
        return NativeTokenRequest.read(body, providers)
                .fold(
                        grant -> counted(request, grant, key),
                        error -> responses.error(error.code(), error.description()));
    }

    /** Each attempt may cost a request to the provider, and a good one is given back. */
    private Mono<ServerResponse> counted(ServerRequest request, CodeGrant grant, Optional<KeyThumbprint> key) {
        ClientFacts client = clients.of(request.exchange().getRequest(), key);
        return attempts.attemptFrom(client.address())
                .flatMap(outcome -> outcome.fold(
                        counter -> usedUp(request, grant, client),
                        wait -> {
                            record(client, AuditEvent.signInRefused("attempts", client.address()));
                            return responses.problem(request, Problem.tooManyAttempts(wait));
                        },
                        () -> responses.problem(request, Problem.UNAVAILABLE)));
    }

    private Mono<ServerResponse> usedUp(ServerRequest request, CodeGrant grant, ClientFacts client) {
        return uses.use(FirstUses.Kind.CODE, grant.provider().name() + "|" + grant.code(), CODE_LIFE)
                .flatMap(used -> used.fold(
                        first -> first
                                ? exchanged(request, grant, client)
                                : failed(request, grant, new Failed(Refusal.UNKNOWN, false), client),
                        () -> failed(request, grant, new Failed(Refusal.NOT_NOW, false), client)));
    }

    private Mono<ServerResponse> exchanged(ServerRequest request, CodeGrant grant, ClientFacts client) {
        return exchange.exchange(grant, client)
                .flatMap(outcome -> outcome.fold(
                        pair -> started(grant, pair, client),
                        () -> failed(request, grant, new Failed(Refusal.UNKNOWN, false), client),
                        failure -> failed(request, grant, failure, client)));
    }

    private Mono<ServerResponse> started(CodeGrant grant, TokenPair pair, ClientFacts client) {
        meters.count(grant.provider().name(), "started");
        return attempts.succeededFrom(client.address()).then(responses.tokens(pair, new RefreshToken("")));
    }

    /** What is wrong with the code is an error of OAuth (RFC 6749 section 5.2), all else a problem as elsewhere. */
    private Mono<ServerResponse> failed(ServerRequest request, CodeGrant grant, Failed failure, ClientFacts client) {
        Refusal refusal = failure.refusal();
        meters.count(grant.provider().name(), refusal.word());
        record(client, AuditEvent.signInRefused(grant.provider().name(), refusal.word(), client.address()));
        return switch (refusal) {
            case UNKNOWN ->
                responses.error(
                        "invalid_grant",
                        "the code was used, has expired, or is not of this client, redirect_uri and code_verifier");
            case REJECTED -> responses.error("invalid_grant", "the ID token is not of this client and nonce");
            default -> responses.problem(request, failure.problem());
        };
    }

    private void record(ClientFacts client, AuditEvent refused) {
        audit.record(refused, IpAddresses.network(client.address()));
    }
}
