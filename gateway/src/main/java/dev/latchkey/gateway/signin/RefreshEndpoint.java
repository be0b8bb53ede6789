package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.DeviceHeaders;
import dev.latchkey.gateway.pipeline.NewTokensAtCommit;
import dev.latchkey.gateway.pipeline.authentication.AuthenticationResult.SignedOut;
import dev.latchkey.gateway.pipeline.authentication.NewTokens;
import dev.latchkey.gateway.pipeline.dpop.DpopProofs;
import dev.latchkey.gateway.pipeline.extraction.PresentedProof;
import dev.latchkey.gateway.pipeline.extraction.PresentedTokens;
import dev.latchkey.gateway.pipeline.extraction.TokenExtractor;
import dev.latchkey.gateway.pipeline.rotation.Rotation;
import dev.latchkey.gateway.pipeline.rotation.RotationCause;
import dev.latchkey.gateway.pipeline.rotation.RotationOutcome.Refused;
import dev.latchkey.gateway.pipeline.rotation.RotationOutcome.Rotated;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.RequestBody;
import dev.latchkey.gateway.token.RefreshToken;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The explicit refresh (RFC 6749 section 6), by the same rules as the transparent one. */
@Component("explicitRefreshEndpoint")
final class RefreshEndpoint {

    private final TokenExtractor extractor;
    private final Rotation rotation;
    private final NewTokensAtCommit newTokens;
    private final DeviceHeaders device;
    private final AuthResponses authResponses;

    RefreshEndpoint(
            TokenExtractor extractor,
            Rotation rotation,
            NewTokensAtCommit newTokens,
            DeviceHeaders device,
            AuthResponses authResponses) {
        this.extractor = extractor;
        this.rotation = rotation;
        this.newTokens = newTokens;
        this.device = device;
        this.authResponses = authResponses;
    }

    /** With the token in the JSON body, or else with those in cookies or headers. */
    Mono<ServerResponse> submit(ServerRequest request) {
        return RequestBody.jsonOrEmpty(request.exchange().getRequest())
                .flatMap(body -> body.field("refreshToken")
                        .map(token -> fromBody(request, new RefreshToken(token)))
                        .orElseGet(() -> fromRequest(request)));
    }

    private Mono<ServerResponse> fromBody(ServerRequest request, RefreshToken token) {
        Optional<PresentedProof> proof =
                extractor.proof(new SpringRequestHead(request.exchange().getRequest()));
        PresentedTokens presented = new PresentedTokens(Optional.empty(), List.of(token), false, proof);
        return refresh(request, presented, rotated -> authResponses.tokens(rotated.pair(), token));
    }

    private Mono<ServerResponse> fromRequest(ServerRequest request) {
        return extractor
                .extract(new SpringRequestHead(request.exchange().getRequest()))
                .fold(
                        presented -> refresh(request, presented, rotated -> handBack(request, presented, rotated)),
                        problem -> authResponses.problem(request, problem));
    }

    private Mono<ServerResponse> handBack(ServerRequest request, PresentedTokens presented, Rotated rotated) {
        newTokens.register(request.exchange(), new NewTokens(presented, rotated));
        return authResponses.json(
                Map.of("expiresAt", rotated.pair().claims().expiresAt().toString()));
    }

    private Mono<ServerResponse> refresh(
            ServerRequest request, PresentedTokens presented, Function<Rotated, Mono<ServerResponse>> granted) {
        Problem refusal = presented.refreshes().isEmpty() ? Problem.UNAUTHENTICATED : Problem.INVALID_TOKEN;
        return DpopProofs.checking(presented.proof(), () -> rotation.rotate(presented, RotationCause.EXPLICIT))
                .flatMap(outcome -> outcome.fold(
                        granted,
                        refused -> refused(request, refused, refusal),
                        () -> authResponses.problem(request, Problem.UNAVAILABLE)));
    }

    private Mono<ServerResponse> refused(ServerRequest request, Refused refused, Problem refusal) {
        refused.unproven().ifPresent(bound -> device.challenge(request.exchange(), bound.session(), bound.current()));
        return refused.objection()
                .map(problem -> authResponses.unproven(request, problem))
                .orElseGet(() -> authResponses.problem(
                        request, SignedOut.of(refused, refusal).problem()));
    }
}
