package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.page.Navigation;
import dev.latchkey.gateway.page.ReturnPath;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.provider.Provider;
import dev.latchkey.gateway.provider.Providers;
import dev.latchkey.gateway.signin.AuthResponses;
import dev.latchkey.gateway.signin.KeptReturnPaths;
import dev.latchkey.gateway.token.ProviderName;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * {@code GET /auth/providers/{provider}}: sends a person to the provider. What its parameters ask for is a wish and no
 * rule: a route that needs a newer or stronger sign-in looks at the session that comes of it.
 */
@Component
final class StartEndpoint {

    private static final Problem ONLY_PEOPLE = Problem.malformed("Open this address in a browser");

    /** A longer path is kept in Redis, or not at all. */
    private static final int LONGEST_BACK = 1024;

    private static final int LONGEST_HINT = 200;
    private static final int MOST_ACR_VALUES = 5;
    private static final Pattern ACR_VALUE = Pattern.compile("[!-~]{1,100}");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,8}");

    private final Providers providers;
    private final KeptReturnPaths returnPaths;
    private final AuthorizationRedirect redirect;
    private final AuthResponses responses;

    StartEndpoint(
            Providers providers, KeptReturnPaths returnPaths, AuthorizationRedirect redirect, AuthResponses responses) {
        this.providers = providers;
        this.returnPaths = returnPaths;
        this.redirect = redirect;
        this.responses = responses;
    }

    /** Only a navigation begins one: each picture of a page that is signed out would leave a cookie. */
    Mono<ServerResponse> start(ServerRequest request) {
        Optional<Provider> provider = named(providers, request);
        if (provider.isEmpty()) {
            return responses.problem(request, Problem.NOT_FOUND);
        }
        ServerHttpRequest raw = request.exchange().getRequest();
        if (!Navigation.is(raw)) {
            return responses.problem(request, ONLY_PEOPLE);
        }
        return back(raw).flatMap(back -> redirect.begin(request, provider.get(), back, wish(raw), 0, List.of()));
    }

    /** The provider of a request's address, if it is one. */
    static Optional<Provider> named(Providers providers, ServerRequest request) {
        String name = request.pathVariable("provider");
        return ProviderName.isWellFormed(name) ? providers.find(new ProviderName(name)) : Optional.empty();
    }

    private Mono<Attempt.Back> back(ServerHttpRequest request) {
        Optional<String> kept = Optional.ofNullable(request.getQueryParams().getFirst("attempt"));
        return returnPaths
                .destination(request)
                .map(to -> to.path().value().length() > LONGEST_BACK
                        ? new Attempt.Back(ReturnPath.ROOT.value(), kept.filter(StartEndpoint::isPlain))
                        : new Attempt.Back(to.path().value(), Optional.empty()));
    }

    private static Attempt.Wish wish(ServerHttpRequest request) {
        Optional<Duration> maxAge = parameter(request, "max_age")
                .filter(text -> SECONDS.matcher(text).matches())
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
        List<String> acrValues = parameter(request, "acr_values").stream()
                .flatMap(text -> Arrays.stream(text.split(" ", -1)))
                .filter(StartEndpoint::isPlain)
                .limit(MOST_ACR_VALUES)
                .toList();
        Optional<String> hint = parameter(request, "login_hint")
                .filter(text -> text.length() <= LONGEST_HINT && text.chars().noneMatch(Character::isISOControl));
        boolean silent = parameter(request, "prompt").filter("none"::equals).isPresent();
        return new Attempt.Wish(maxAge, acrValues, hint, silent);
    }

    private static boolean isPlain(String text) {
        return ACR_VALUE.matcher(text).matches();
    }

    private static Optional<String> parameter(ServerHttpRequest request, String name) {
        return Optional.ofNullable(request.getQueryParams().getFirst(name));
    }
}
