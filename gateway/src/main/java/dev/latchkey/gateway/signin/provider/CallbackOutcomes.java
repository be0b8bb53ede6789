package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.RepeatedEvents;
import dev.latchkey.gateway.page.ReturnPath;
import dev.latchkey.gateway.pipeline.DeviceHeaders;
import dev.latchkey.gateway.pipeline.client.IpAddresses;
import dev.latchkey.gateway.pipeline.cookies.SetCookie;
import dev.latchkey.gateway.pipeline.cookies.TokenCookies;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.signin.AuthResponses;
import dev.latchkey.gateway.signin.KeptReturnPaths;
import dev.latchkey.gateway.signin.RequestingClient;
import dev.latchkey.gateway.signin.SignOut;
import dev.latchkey.gateway.signin.attempts.AttemptLimiter;
import dev.latchkey.gateway.signin.provider.ExchangeOutcome.Failed;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import dev.latchkey.gateway.token.TokenPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** What becomes of a callback: a session, a new attempt, or a page that says why not. It never becomes a loop. */
@Component
final class CallbackOutcomes {

    /** The provider cannot work now (RFC 6749 section 4.1.2.1). */
    private static final Set<String> PASSING = Set.of("temporarily_unavailable", "server_error");

    /** The provider wants to show something (OpenID Connect Core section 3.1.2.6). */
    private static final Set<String> WANTS_USER =
            Set.of("login_required", "interaction_required", "consent_required", "account_selection_required");

    private static final Set<String> DENIED = Set.of("access_denied", "user_cancelled_authorize");
    /** The code of an attempt that has expired is not sent, and the clocks of nodes differ by less than the rest. */
    private static final Duration STATE_LIFE = Attempt.LIFE.plusMinutes(5);

    private static final String UNMET = "unmet_authentication_requirements";

    private final AttemptLimiter attempts;
    private final FirstUses uses;
    private final CodeExchange exchange;
    private final AuthorizationRedirect redirect;
    private final KeptReturnPaths returnPaths;
    private final SignOut signOut;
    private final TokenCookies cookies;
    private final DeviceHeaders device;
    private final RequestingClient clients;
    private final ProviderPages pages;
    private final AuthResponses responses;
    private final ProviderMeters meters;
    private final RepeatedEvents audit;
    private final ReturnPath signInPage;

    CallbackOutcomes(
            AttemptLimiter attempts,
            FirstUses uses,
            CodeExchange exchange,
            AuthorizationRedirect redirect,
            KeptReturnPaths returnPaths,
            SignOut signOut,
            TokenCookies cookies,
            DeviceHeaders device,
            RequestingClient clients,
            ProviderPages pages,
            AuthResponses responses,
            ProviderMeters meters,
            RepeatedEvents audit,
            EndpointPaths paths) {
        this.attempts = attempts;
        this.uses = uses;
        this.exchange = exchange;
        this.redirect = redirect;
        this.returnPaths = returnPaths;
        this.signOut = signOut;
        this.cookies = cookies;
        this.device = device;
        this.clients = clients;
        this.pages = pages;
        this.responses = responses;
        this.meters = meters;
        this.audit = audit;
        this.signInPage = new ReturnPath(paths.of(Endpoint.SIGN_IN));
    }

    /**
     * Counted first, because anybody can make codes up, each of which costs a request to the provider and is
     * remembered.
     */
    Mono<ServerResponse> code(Callback callback, String code) {
        return attempts.attemptFrom(address(callback))
                .flatMap(outcome -> outcome.fold(
                        counter -> counted(callback, code),
                        wait -> refused(callback, Refusal.ATTEMPTS, Problem.tooManyAttempts(wait)),
                        () -> refused(callback, Refusal.NOT_NOW)));
    }

    private String address(Callback callback) {
        return clients.of(callback.request().exchange().getRequest()).address();
    }

    /** Used up before the code is sent anywhere; the code is sent once. */
    private Mono<ServerResponse> counted(Callback callback, String code) {
        return uses.use(FirstUses.Kind.STATE, callback.attempt().state(), STATE_LIFE)
                .flatMap(used -> used.fold(
                        first -> first ? exchanged(callback, code) : again(callback, Refusal.UNKNOWN),
                        () -> refused(callback, Refusal.NOT_NOW)));
    }

    private Mono<ServerResponse> exchanged(Callback callback, String code) {
        return exchange.exchange(callback, code)
                .flatMap(outcome -> givenBack(callback, outcome).then(Mono.defer(() -> answered(callback, outcome))));
    }

    /** Neither a user who signs in counts nor one who could not because something was away. */
    private Mono<Void> givenBack(Callback callback, ExchangeOutcome outcome) {
        return outcome instanceof Failed failure && !failure.refusal().isTrouble()
                ? Mono.empty()
                : attempts.succeededFrom(address(callback));
    }

    private Mono<ServerResponse> answered(Callback callback, ExchangeOutcome outcome) {
        return outcome.fold(
                pair -> started(callback, pair),
                () -> kept(callback),
                failure -> failure.mayPass()
                        ? again(callback, failure.refusal())
                        : refused(callback, failure.refusal(), failure.problem()));
    }

    private Mono<ServerResponse> started(Callback callback, TokenPair pair) {
        meters.count(callback.provider().name(), "started");
        List<SetCookie> all = new ArrayList<>(callback.cleared());
        all.addAll(cookies.signedIn(pair));
        device.offer(callback.request().exchange(), pair.claims().session());
        return signOut.endPrior(callback.request().exchange().getRequest())
                .then(back(callback))
                .flatMap(path -> responses.redirect(callback.request(), path, all));
    }

    /** Another tab was quicker: its session stays, and this tab goes where it wanted to. */
    private Mono<ServerResponse> kept(Callback callback) {
        meters.count(callback.provider().name(), "kept");
        return back(callback).flatMap(path -> responses.redirect(callback.request(), path, callback.cleared()));
    }

    private Mono<ReturnPath> back(Callback callback) {
        Attempt.Back back = callback.attempt().back();
        return back.kept()
                .map(kept -> returnPaths
                        .kept(callback.request().exchange().getRequest(), kept)
                        .map(KeptReturnPaths.Destination::path))
                .orElseGet(() -> Mono.just(ReturnPath.of(back.path())));
    }

    /** The provider's own words are not shown: anyone can write them into an address. */
    Mono<ServerResponse> error(Callback callback, String error) {
        boolean isSilent = callback.attempt().wish().silent();
        if (isSilent && (WANTS_USER.contains(error) || DENIED.contains(error))) {
            return silentRefused(callback);
        }
        if (PASSING.contains(error)) {
            return again(callback, Refusal.UNAVAILABLE);
        }
        if (DENIED.contains(error) || WANTS_USER.contains(error)) {
            return refused(callback, Refusal.DENIED);
        }
        return refused(callback, error.equals(UNMET) ? Refusal.INSUFFICIENT : Refusal.MISCONFIGURED);
    }

    /** The sign-in page says why it is shown. */
    private Mono<ServerResponse> silentRefused(Callback callback) {
        meters.count(callback.provider().name(), "silent-refused");
        Attempt.Back back = callback.attempt().back();
        ReturnPath page = new ReturnPath(signInPage.value() + "?" + back.query() + "&ended="
                + callback.provider().name());
        return responses.redirect(callback.request(), page, callback.cleared());
    }

    /** Begins anew by itself, to the same path; if it was begun anew before, a person decides. */
    Mono<ServerResponse> again(Callback callback, Refusal otherwise) {
        Attempt attempt = callback.attempt();
        if (!attempt.mayRestart()) {
            return refused(callback, otherwise);
        }
        meters.count(callback.provider().name(), "restarted");
        return redirect.begin(
                callback.request(),
                callback.provider(),
                attempt.back(),
                attempt.wish(),
                attempt.restarts() + 1,
                callback.cleared());
    }

    Mono<ServerResponse> refused(Callback callback, Refusal refusal) {
        return refused(callback, refusal, refusal.problem());
    }

    private Mono<ServerResponse> refused(Callback callback, Refusal refusal, Problem problem) {
        meters.count(callback.provider().name(), refusal.word());
        String address = address(callback);
        audit.record(
                AuditEvent.signInRefused(callback.provider().name(), refusal.word(), address),
                IpAddresses.network(address));
        return pages.refused(
                callback.request(),
                callback.provider(),
                refusal,
                problem,
                Optional.of(callback.attempt().back()),
                callback.cleared());
    }
}
