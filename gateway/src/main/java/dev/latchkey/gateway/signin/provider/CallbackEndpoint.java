package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.page.ReturnPath;
import dev.latchkey.gateway.pipeline.NewTokensAtCommit;
import dev.latchkey.gateway.pipeline.authentication.TokenAuthentication;
import dev.latchkey.gateway.pipeline.cookies.SetCookie;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.RequestBody;
import dev.latchkey.gateway.provider.Provider;
import dev.latchkey.gateway.provider.Providers;
import dev.latchkey.gateway.signin.AuthResponses;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.util.UriUtils;
import reactor.core.publisher.Mono;

/**
 * {@code /auth/providers/{provider}/callback}: where a provider sends the browser back to. Nothing counts that does not
 * belong to an attempt which this browser began at this very provider, and whatever comes of it, the attempt is over.
 */
@Component
final class CallbackEndpoint {

    private final Providers providers;
    private final AttemptCookies attempts;
    private final CallbackOutcomes outcomes;
    private final TokenAuthentication authentication;
    private final NewTokensAtCommit newTokens;
    private final ProviderPages pages;
    private final AuthResponses responses;
    private final EndpointPaths paths;
    private final InstantSource clock;

    CallbackEndpoint(
            Providers providers,
            AttemptCookies attempts,
            CallbackOutcomes outcomes,
            TokenAuthentication authentication,
            NewTokensAtCommit newTokens,
            ProviderPages pages,
            AuthResponses responses,
            EndpointPaths paths,
            InstantSource clock) {
        this.providers = providers;
        this.attempts = attempts;
        this.outcomes = outcomes;
        this.authentication = authentication;
        this.newTokens = newTokens;
        this.pages = pages;
        this.responses = responses;
        this.paths = paths;
        this.clock = clock;
    }

    /**
     * From a provider that answers by a form (OAuth 2.0 Form Post Response Mode): leads to the same address with a
     * query, because browsers send no cookies that are {@code SameSite=Lax} with another site's form. Changes nothing.
     */
    Mono<ServerResponse> form(ServerRequest request) {
        Optional<Provider> provider = StartEndpoint.named(providers, request);
        if (provider.isEmpty()) {
            return responses.problem(request, Problem.NOT_FOUND);
        }
        return RequestBody.form(request.exchange().getRequest()).flatMap(body -> {
            String query = CallbackParameters.NAMES.stream()
                    .flatMap(name -> body.field(name).map(value -> name + "=" + encoded(value)).stream())
                    .collect(Collectors.joining("&"));
            String path = paths.of(Endpoint.PROVIDER_CALLBACK, provider.get().name());
            return responses.redirect(request, new ReturnPath(path + "?" + query), List.of());
        });
    }

    Mono<ServerResponse> query(ServerRequest request) {
        Optional<Provider> provider = StartEndpoint.named(providers, request);
        return provider.map(called -> CallbackParameters.of(request.queryParams())
                        .map(answer -> answered(request, called, answer))
                        .orElseGet(() -> unknown(request, called, List.of())))
                .orElseGet(() -> responses.problem(request, Problem.NOT_FOUND));
    }

    private Mono<ServerResponse> answered(ServerRequest request, Provider provider, CallbackParameters answer) {
        ServerHttpRequest raw = request.exchange().getRequest();
        List<SetCookie> cleared = attempts.clear(raw, answer.state());
        return attempts.find(raw, answer.state())
                .filter(attempt -> attempt.isOf(provider.name(), answer.state()))
                .map(attempt -> own(new Callback(request, provider, attempt, cleared), answer))
                .orElseGet(() -> unknown(request, provider, cleared));
    }

    /** The issuer is looked at first: an error, too, may be another provider's (RFC 9207 section 2.4). */
    private Mono<ServerResponse> own(Callback callback, CallbackParameters answer) {
        if (!isFrom(callback.provider(), answer.issuer())) {
            return outcomes.refused(callback, Refusal.REJECTED);
        }
        if (callback.attempt().isExpired(clock.instant())) {
            return outcomes.again(callback, Refusal.EXPIRED);
        }
        if (answer.error().isPresent()) {
            return outcomes.error(callback, answer.error().get());
        }
        return answer.code()
                .map(code -> outcomes.code(callback, code))
                .orElseGet(() -> outcomes.refused(callback, Refusal.REJECTED));
    }

    /** A provider that says that it names itself must do so (RFC 9207 section 2.4). */
    private static boolean isFrom(Provider provider, Optional<String> issuer) {
        return issuer.map(provider.issuer()::equals).orElseGet(() -> !provider.sendsIssuer());
    }

    /** A callback that comes twice, as by the browser's own buttons, leads on a user who is signed in. */
    private Mono<ServerResponse> unknown(ServerRequest request, Provider provider, List<SetCookie> cleared) {
        return authentication
                .authenticate(new SpringRequestHead(request.exchange().getRequest()), false)
                .doOnNext(result -> newTokens.register(request.exchange(), result))
                .flatMap(result -> result.fold(
                        caller -> responses.redirect(request, ReturnPath.ROOT, cleared),
                        signedOut -> pages.refused(request, provider, Refusal.UNKNOWN, Optional.empty(), cleared),
                        problem -> pages.refused(request, provider, Refusal.UNKNOWN, Optional.empty(), cleared)));
    }

    private static String encoded(String text) {
        return UriUtils.encode(text, StandardCharsets.UTF_8);
    }
}
