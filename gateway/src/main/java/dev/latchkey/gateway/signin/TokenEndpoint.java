package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.dpop.DpopProofs;
import dev.latchkey.gateway.pipeline.extraction.PresentedProof;
import dev.latchkey.gateway.pipeline.extraction.TokenExtractor;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.RequestBody;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import dev.latchkey.gateway.token.RefreshToken;
import dev.latchkey.gateway.token.dpop.KeyThumbprint;
import dev.latchkey.gateway.user.UserDirectory;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/**
 * {@code POST /auth/token}: signs in a client without cookies, by a password or, where it names a {@code grant_type}
 * (RFC 6749 section 4.1.3), by the code of a provider. The tokens come in the body, bound to a key if the client proves
 * to hold one (RFC 9449 section 5).
 */
@Component
final class TokenEndpoint implements AuthEndpoints {

    private final TokenExtractor extractor;
    private final DpopProofs proofs;
    private final PresentedCredentials presented;
    private final UserDirectory users;
    private final Optional<CodeTokens> codes;
    private final AuthResponses authResponses;
    private final String path;

    TokenEndpoint(
            TokenExtractor extractor,
            DpopProofs proofs,
            PresentedCredentials presented,
            UserDirectory users,
            ObjectProvider<CodeTokens> codes,
            AuthResponses authResponses,
            EndpointPaths paths) {
        this.extractor = extractor;
        this.proofs = proofs;
        this.presented = presented;
        this.users = users;
        this.codes = Optional.ofNullable(codes.getIfAvailable()).filter(CodeTokens::isOffered);
        this.authResponses = authResponses;
        this.path = paths.of(Endpoint.TOKEN);
    }

    @Override
    public List<AuthEndpoint> all() {
        return List.of(new AuthEndpoint(AuthEndpoint.POST, path, this::submit));
    }

    private Mono<ServerResponse> submit(ServerRequest request) {
        Optional<PresentedProof> presented =
                extractor.proof(new SpringRequestHead(request.exchange().getRequest()));
        return DpopProofs.checking(
                presented,
                () -> presented
                        .map(proof -> proofs.holder(proof)
                                .fold(
                                        key -> submit(request, proof, key),
                                        problem -> authResponses.unproven(request, problem)))
                        .orElseGet(() -> submit(request, Optional.empty())));
    }

    /**
     * A proof that brought no tokens (a problem is no answer, but written) is forgotten, or strangers could have the
     * gateway remember any number of them. One that did stays remembered, also if its client leaves before the answer
     * is written: of success and cancellation, only what comes first counts.
     */
    private Mono<ServerResponse> submit(ServerRequest request, PresentedProof proof, KeyThumbprint key) {
        return submit(request, Optional.of(key))
                .doOnSuccess(answer -> {
                    if (answer == null || !answer.statusCode().is2xxSuccessful()) {
                        proofs.forget(proof);
                    }
                })
                .doFinally(signal -> {
                    if (signal != SignalType.ON_COMPLETE) {
                        proofs.forget(proof);
                    }
                });
    }

    private Mono<ServerResponse> submit(ServerRequest request, Optional<KeyThumbprint> key) {
        if (codes.isPresent()) {
            return RequestBody.formOrJson(request.exchange().getRequest())
                    .flatMap(body -> isOfCode(body)
                            ? codes.get().token(request, body, key)
                            : RequestBody.onlyJson(body).flatMap(json -> withPassword(request, json, key)));
        }
        return users.acceptsPasswords()
                ? RequestBody.json(request.exchange().getRequest()).flatMap(body -> withPassword(request, body, key))
                : authResponses.problem(request, Problem.NOT_FOUND);
    }

    private boolean isOfCode(RequestBody body) {
        return body.field("grant_type").isPresent() || !users.acceptsPasswords();
    }

    private Mono<ServerResponse> withPassword(ServerRequest request, RequestBody body, Optional<KeyThumbprint> key) {
        return presented
                .start(request, body, key)
                .flatMap(outcome -> outcome.fold(
                        pair -> authResponses.tokens(pair, new RefreshToken("")),
                        problem -> authResponses.problem(request, problem)));
    }
}
