package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.page.Navigation;
import dev.latchkey.gateway.page.ReturnPath;
import dev.latchkey.gateway.pipeline.extraction.TokenExtractor;
import dev.latchkey.gateway.pipeline.rotation.Rotation;
import dev.latchkey.gateway.signin.KeptReturnPaths.Destination;
import dev.latchkey.gateway.signin.SignInPage.Choice;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.user.UserDirectory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.util.UriUtils;
import reactor.core.publisher.Mono;

/** The ways in which a person can sign in: by password, with one of several providers, or with the only one at once. */
@Component
final class SignInOffer {

    /** What a route asks of a sign-in, which the address of the provider's endpoint takes over. */
    private static final List<String> WISHES = List.of("max_age", "acr_values");

    private final ObjectProvider<ProviderChoices> providers;
    private final UserDirectory users;
    private final TokenExtractor extractor;
    private final Rotation rotation;
    private final EndpointPaths paths;

    SignInOffer(
            ObjectProvider<ProviderChoices> providers,
            UserDirectory users,
            TokenExtractor extractor,
            Rotation rotation,
            EndpointPaths paths) {
        this.providers = providers;
        this.users = users;
        this.extractor = extractor;
        this.rotation = rotation;
        this.paths = paths;
    }

    /**
     * Whether a user who is signed in is to do so once more: newer or stronger, or because a route wants the access
     * token of their provider, which gives none any more without them. To lead them back there would be a loop.
     */
    Mono<Boolean> asksForMore(ServerRequest request, AccessClaims caller) {
        ProviderChoices known = providers.getIfAvailable();
        boolean mayBeLost = isSilent(request) || request.queryParam("ended").isPresent();
        if (hasWishes(request)) {
            return Mono.just(true);
        }
        return known != null && mayBeLost ? known.hasEnded(caller) : Mono.just(false);
    }

    private static boolean hasWishes(ServerRequest request) {
        return WISHES.stream().anyMatch(name -> request.queryParam(name).isPresent());
    }

    private static boolean isSilent(ServerRequest request) {
        return request.queryParam("prompt").filter("none"::equals).isPresent();
    }

    /**
     * Where to send a person who has nothing to choose: without a word, to the provider that has lost the session; else
     * to the one that a route names, or to the only one. A page that has something to say is shown.
     */
    Mono<Optional<ReturnPath>> direct(ServerRequest request, Destination back) {
        ServerHttpRequest raw = request.exchange().getRequest();
        if (!Navigation.is(raw) || back.isLost() || request.queryParam("ended").isPresent()) {
            return Mono.just(Optional.empty());
        }
        String query = query(request, back.path());
        Optional<ReturnPath> named = name(request, "provider").flatMap(provider -> of(provider, query));
        boolean isSilent = isSilent(request);
        if (!isSilent && (named.isPresent() || !hasWishes(request))) {
            return Mono.just(named.or(() -> only(query)));
        }
        return holder(raw)
                .map(holder -> holder.flatMap(provider -> of(provider, isSilent ? query + "&prompt=none" : query))
                        .or(() -> named)
                        .or(() -> only(query)));
    }

    private Optional<ReturnPath> of(ProviderName provider, String query) {
        return label(provider).map(known -> address("providers/" + provider + "?" + query));
    }

    private Optional<ReturnPath> only(String query) {
        List<Choice> all = choices(query);
        return all.size() == 1 && !users.acceptsPasswords()
                ? Optional.of(address(all.get(0).address()))
                : Optional.empty();
    }

    private ReturnPath address(String belowPrefix) {
        return new ReturnPath(paths.prefix() + "/" + belowPrefix);
    }

    /** The provider whose session the browser holds; it decides nothing, so that an old token will do. */
    private Mono<Optional<ProviderName>> holder(ServerHttpRequest request) {
        ProviderChoices known = providers.getIfAvailable();
        Optional<RefreshClaims> session = extractor
                .extract(new SpringRequestHead(request))
                .fold(presented -> rotation.newest(presented), ambiguous -> Optional.empty());
        return known == null || session.isEmpty() ? Mono.just(Optional.empty()) : known.of(session.get());
    }

    /**
     * The page for a request.
     *
     * @param reason why the session has ended that the request came with, if its owner may know
     */
    SignInPage page(ServerRequest request, Destination back, Optional<String> reason) {
        Optional<String> ended = name(request, "ended")
                .flatMap(this::label)
                .map(label -> "Your session at " + label + " has ended. Sign in again to go on.");
        return page(
                back.path(),
                request.queryParam("attempt"),
                ended.or(() -> SignInPage.notice(back.isLost())).or(() -> reason.flatMap(SignInPage::ofEnd)),
                Optional.empty(),
                query(request, back.path()));
    }

    /**
     * The page after a password that was not accepted.
     *
     * @param attempt under which the return path is kept, if it is
     */
    SignInPage page(ReturnPath back, Optional<String> attempt, String error) {
        return page(back, attempt, Optional.empty(), Optional.of(error), destination(back, attempt));
    }

    private SignInPage page(
            ReturnPath back, Optional<String> attempt, Optional<String> notice, Optional<String> error, String query) {
        return new SignInPage(back.value(), attempt, notice, error, users.acceptsPasswords(), choices(query));
    }

    private List<Choice> choices(String query) {
        return Optional.ofNullable(providers.getIfAvailable())
                .map(known -> known.all(query))
                .orElse(List.of());
    }

    private Optional<String> label(ProviderName provider) {
        return Optional.ofNullable(providers.getIfAvailable()).flatMap(known -> known.label(provider));
    }

    private static String query(ServerRequest request, ReturnPath back) {
        String destination = destination(back, request.queryParam("attempt"));
        Stream<String> wishes = WISHES.stream()
                .flatMap(name -> request.queryParam(name).map(value -> name + "=" + encoded(value)).stream());
        return Stream.concat(Stream.of(destination), wishes).collect(Collectors.joining("&"));
    }

    private static String destination(ReturnPath back, Optional<String> attempt) {
        return attempt.map(name -> "attempt=" + encoded(name)).orElseGet(() -> "return=" + encoded(back.value()));
    }

    private static Optional<ProviderName> name(ServerRequest request, String parameter) {
        return request.queryParam(parameter).filter(ProviderName::isWellFormed).map(ProviderName::new);
    }

    private static String encoded(String text) {
        return UriUtils.encode(text, StandardCharsets.UTF_8);
    }
}
