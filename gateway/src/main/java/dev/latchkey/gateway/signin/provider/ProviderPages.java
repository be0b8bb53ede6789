package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.page.Navigation;
import dev.latchkey.gateway.page.ReturnPath;
import dev.latchkey.gateway.page.Template;
import dev.latchkey.gateway.pipeline.cookies.SetCookie;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.provider.Provider;
import dev.latchkey.gateway.signin.AuthResponses;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.util.HtmlUtils;
import reactor.core.publisher.Mono;

/** What a person sees if a sign-in with a provider ends without a session, and after a sign-out. */
@Component
final class ProviderPages {

    private final Template template = Template.of("signin/provider/provider.html");
    private final EndpointPaths paths;
    private final AuthResponses responses;

    ProviderPages(EndpointPaths paths, AuthResponses responses) {
        this.paths = paths;
        this.responses = responses;
    }

    /** A page with a way on for a person, the refusal's own problem document for a program. */
    Mono<ServerResponse> refused(
            ServerRequest request,
            Provider provider,
            Refusal refusal,
            Optional<Attempt.Back> back,
            List<SetCookie> cookies) {
        return refused(request, provider, refusal, refusal.problem(), back, cookies);
    }

    /**
     * A page with a way on for a person, the problem document for a program.
     *
     * @param problem that of the refusal, with how long to wait
     * @param back where the attempt should have led to
     */
    Mono<ServerResponse> refused(
            ServerRequest request,
            Provider provider,
            Refusal refusal,
            Problem problem,
            Optional<Attempt.Back> back,
            List<SetCookie> cookies) {
        if (!Navigation.is(request.exchange().getRequest())) {
            return responses.problem(request, problem);
        }
        Map<String, String> values = new HashMap<>();
        values.put("title", refusal.title());
        values.put("sentence", HtmlUtils.htmlEscape(refusal.sentence(provider.label())));
        problem.waitInWords().ifPresent(wait -> values.put("wait", wait));
        values.put("address", HtmlUtils.htmlEscape(again(request, provider, back)));
        values.put("action", HtmlUtils.htmlEscape("Sign in with " + provider.label()));
        values.put("code", problem.status() + " urn:latchkey:problem:" + problem.name());
        return responses.page(request, problem, html(request, values), cookies);
    }

    /**
     * After a sign-out: nothing leads on by itself, or the provider would sign in again.
     *
     * @param stays the provider where the user is still signed in, because it has no sign-out
     * @param back where the sign-out was to lead to
     */
    Mono<ServerResponse> signedOut(ServerRequest request, Optional<Provider> stays, Optional<ReturnPath> back) {
        Map<String, String> values = new HashMap<>();
        values.put("title", "You are signed out");
        values.put(
                "sentence",
                "Your session here has ended."
                        + stays.map(Provider::label)
                                .map(HtmlUtils::htmlEscape)
                                .map(label ->
                                        " At " + label + " you are still signed in; sign out there, too, if others"
                                                + " use this device.")
                                .orElse(""));
        String address = back.map(ReturnPath::value).orElse(paths.of(Endpoint.SIGN_IN));
        values.put("address", HtmlUtils.htmlEscape(prefix(request) + address));
        values.put("action", back.isPresent() ? "Go on" : "Sign in");
        return responses.page(request, html(request, values));
    }

    /** A new attempt, begun by a person. */
    private String again(ServerRequest request, Provider provider, Optional<Attempt.Back> back) {
        String query = back.map(Attempt.Back::query).orElse("return=%2F");
        return prefix(request) + paths.of(Endpoint.PROVIDER, provider.name()) + "?" + query;
    }

    private String html(ServerRequest request, Map<String, String> values) {
        values.put("stylesheet", prefix(request) + paths.of(Endpoint.STYLESHEET));
        return template.fill(values);
    }

    private static String prefix(ServerRequest request) {
        return ExchangeAttribute.LINK_PREFIX.of(request.exchange()).orElse("");
    }
}
