package dev.latchkey.gateway.pipeline.decision;

import dev.latchkey.gateway.device.DeviceBinding;
import dev.latchkey.gateway.device.DeviceBindingProperties;
import dev.latchkey.gateway.exchange.OutboundIdentity;
import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.keys.GatewayTokenRecognizer;
import dev.latchkey.gateway.pipeline.authentication.AuthenticationResult;
import dev.latchkey.gateway.pipeline.authentication.AuthenticationResult.SignedIn;
import dev.latchkey.gateway.pipeline.authentication.AuthenticationResult.SignedOut;
import dev.latchkey.gateway.pipeline.authentication.AuthenticationResult.Stopped;
import dev.latchkey.gateway.pipeline.authentication.TokenAuthentication;
import dev.latchkey.gateway.pipeline.authorization.AccessLevel;
import dev.latchkey.gateway.pipeline.authorization.AccessRule;
import dev.latchkey.gateway.pipeline.authorization.AuthorizationDecision;
import dev.latchkey.gateway.pipeline.authorization.AuthorizationOutcome;
import dev.latchkey.gateway.pipeline.authorization.BindingRequirement;
import dev.latchkey.gateway.pipeline.authorization.Unauthenticated;
import dev.latchkey.gateway.pipeline.decision.RequestDecision.Forward;
import dev.latchkey.gateway.pipeline.decision.RequestDecision.Refuse;
import dev.latchkey.gateway.pipeline.decision.RequestDecision.SignIn;
import dev.latchkey.gateway.pipeline.decision.RequestDecision.Undecided;
import dev.latchkey.gateway.pipeline.extraction.TokenExtractor;
import dev.latchkey.gateway.pipeline.identity.IdentityHeaders;
import dev.latchkey.gateway.pipeline.identity.IdentityPropagation;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Audience;
import dev.latchkey.gateway.upstream.Relayed;
import dev.latchkey.gateway.upstream.Upstreams;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Decides who is asking, whether they may enter a route, and as whom the request is forwarded. */
@Component
public final class Decider {

    /** So long after a sign-in, its browser may be about to bind the session. */
    private static final Duration BINDING_TIME = Duration.ofSeconds(10);

    /** What no compact JWS holds (RFC 7515 section 3.1). */
    private static final Pattern BETWEEN_TOKENS = Pattern.compile("[^A-Za-z0-9._-]+");

    /** Fewest characters of a token of the gateway, whose signature alone is not much shorter. */
    private static final int SHORTEST_TOKEN = 64;

    private final TokenAuthentication authentication;
    private final IdentityPropagation identities;
    private final Upstreams upstreams;
    private final GatewayTokenRecognizer recognizer;
    private final InstantSource clock;
    private final boolean isDeviceRequired;

    Decider(
            TokenAuthentication authentication,
            IdentityPropagation identities,
            Upstreams upstreams,
            GatewayTokenRecognizer recognizer,
            DeviceBindingProperties device,
            InstantSource clock) {
        this.isDeviceRequired = device.deviceBinding() == DeviceBinding.REQUIRED;
        this.clock = clock;
        this.authentication = authentication;
        this.identities = identities;
        this.upstreams = upstreams;
        this.recognizer = recognizer;
    }

    /** Decides at once what this node can decide alone. Neither waits nor reports anything. */
    public RequestDecision decide(RequestHead request, AccessRule rule) {
        if (rule.access() == AccessLevel.PUBLIC) {
            return new Forward(
                    OutboundIdentity.anonymous(isForeign(request)), AuthorizationOutcome.PUBLIC, Optional.empty());
        }
        Optional<AuthenticationResult> result =
                authentication.authenticateLocally(request, rule.options().strict());
        return result.isPresent() ? locally(request, result.get(), rule) : Undecided.UNDECIDED;
    }

    private RequestDecision locally(RequestHead request, AuthenticationResult result, AccessRule rule) {
        if (result instanceof SignedIn user) {
            return locally(request, user.claims(), rule);
        }
        return result instanceof SignedOut anonymous
                ? guest(rule, anonymous.problem())
                : stopped(((Stopped) result).problem());
    }

    private RequestDecision locally(RequestHead request, AccessClaims caller, AccessRule rule) {
        RequestDecision objection = objection(request, rule, caller, caller);
        return objection == null ? enteringAtOnce(rule, caller) : objection;
    }

    /**
     * Why a user may not enter; null if they may.
     *
     * @param confirmed as in {@link Refuse}; null: nobody
     */
    private @Nullable RequestDecision objection(
            RequestHead request, AccessRule rule, AccessClaims caller, @Nullable AccessClaims confirmed) {
        if (lacksKey(rule, caller)) {
            return withoutKey(request, confirmed);
        }
        if (lacksDevice(rule, caller)) {
            return withoutDevice(caller, confirmed);
        }
        if (!isSignedInSo(rule, caller)) {
            return stepUp(rule, confirmed);
        }
        return mayEnter(rule, caller) ? null : forbidden(caller, confirmed);
    }

    private RequestDecision enteringAtOnce(AccessRule rule, AccessClaims caller) {
        Optional<OutboundIdentity> identity = switch (rule.options().relay()) {
            case IDENTITY -> identities.atOnce(caller, rule.audience().orElseThrow());
            case ACCESS_TOKEN ->
                upstreams
                        .knownAccessToken(caller.session(), audience(rule))
                        .filter(Relayed.Token.class::isInstance)
                        .map(Relayed.Token.class::cast)
                        .map(token -> OutboundIdentity.of(caller, token));
            case HEADERS -> Optional.of(IdentityHeaders.of(caller));
            case NONE -> Optional.of(OutboundIdentity.unnamed(caller));
        };
        return identity.isPresent() ? identified(identity.get(), identity.get().caller()) : Undecided.UNDECIDED;
    }

    private static Optional<String> audience(AccessRule rule) {
        return rule.audience().map(Audience::value);
    }

    /**
     * Decides about a request whose sender was found out by {@link TokenAuthentication#authenticate}. Waits for a
     * signature if it takes long, and for a provider if its token is relayed and has ended; never fails.
     */
    public Mono<RequestDecision> decide(RequestHead request, AuthenticationResult result, AccessRule rule) {
        return result.fold(
                caller -> entering(request, rule, caller),
                problem -> Mono.just(guest(rule, problem)),
                problem -> Mono.just(stopped(problem)));
    }

    /** Confirms nobody: a presented token has been, and one that a rotation has made is by its first use. */
    private Mono<RequestDecision> entering(RequestHead request, AccessRule rule, AccessClaims caller) {
        RequestDecision objection = objection(request, rule, caller, null);
        if (objection != null) {
            return Mono.just(objection);
        }
        return switch (rule.options().relay()) {
            case IDENTITY -> signed(rule, caller);
            case ACCESS_TOKEN -> relayed(rule, caller);
            case HEADERS -> Mono.just(identified(IdentityHeaders.of(caller), Optional.empty()));
            case NONE -> Mono.just(identified(OutboundIdentity.unnamed(caller), Optional.empty()));
        };
    }

    private boolean lacksDevice(AccessRule rule, AccessClaims caller) {
        return !caller.isBound() && (isDeviceRequired || rule.options().device() == BindingRequirement.REQUIRED);
    }

    private static boolean lacksKey(AccessRule rule, AccessClaims caller) {
        return rule.options().isDpopRequired() && caller.boundTo().isEmpty();
    }

    /** A program is told which scheme to use; with cookies, no sign-in would change anything. */
    private static RequestDecision withoutKey(RequestHead request, @Nullable AccessClaims confirmed) {
        return new Refuse(
                TokenExtractor.isByHeader(request) ? Problem.DPOP_REQUIRED : Problem.DPOP_REQUIRED_OF_BROWSER,
                AuthorizationOutcome.FORBIDDEN,
                Optional.ofNullable(confirmed),
                Optional.empty());
    }

    /** Not a 401: to sign in again binds nothing in a browser that cannot, and would go on for ever. */
    private RequestDecision withoutDevice(AccessClaims caller, @Nullable AccessClaims confirmed) {
        boolean mayFollow = clock.instant().isBefore(caller.authTime().plus(BINDING_TIME));
        return new Refuse(
                mayFollow ? Problem.DEVICE_AWAITED : Problem.DEVICE_REQUIRED,
                AuthorizationOutcome.FORBIDDEN,
                Optional.ofNullable(confirmed),
                Optional.empty());
    }

    private boolean isSignedInSo(AccessRule rule, AccessClaims caller) {
        return rule.options().requiredSignIn().isMetBy(caller, clock);
    }

    /** RFC 9470: the user is known, and has to sign in once more, newer or stronger. */
    private static RequestDecision stepUp(AccessRule rule, @Nullable AccessClaims confirmed) {
        return asked(rule, Problem.STEP_UP, confirmed);
    }

    private Mono<RequestDecision> signed(AccessRule rule, AccessClaims caller) {
        return identities
                .of(caller, rule.audience().orElseThrow())
                .map(identity -> identified(identity, Optional.empty()))
                .onErrorResume(RejectedExecutionException.class, full -> Mono.just(stopped(Problem.UNAVAILABLE)));
    }

    /** The route asks for the provider's token, so nothing else is sent in its place. */
    private Mono<RequestDecision> relayed(AccessRule rule, AccessClaims caller) {
        return upstreams
                .accessToken(caller, audience(rule))
                .map(relayed -> relayed.fold(
                        token -> identified(OutboundIdentity.of(caller, token), Optional.empty()),
                        without -> withoutToken(rule, without),
                        away -> stopped(Problem.accessTokenUnavailable(away.retryAfter()))));
    }

    /** A session whose provider may sign its user in again without asking is as good as one that lapsed. */
    private static RequestDecision withoutToken(AccessRule rule, Relayed.Without without) {
        return switch (without) {
            case NONE -> new Refuse(Problem.NO_ACCESS_TOKEN, AuthorizationOutcome.FORBIDDEN);
            case ENDED -> asked(rule, Problem.SESSION_LAPSED, null);
            case NOT_EXCHANGED -> new Refuse(Problem.PROVIDER_ERROR, AuthorizationOutcome.UNAVAILABLE);
        };
    }

    private static boolean mayEnter(AccessRule rule, AccessClaims caller) {
        return AuthorizationDecision.decide(rule, Optional.of(caller)) == AuthorizationDecision.IDENTIFIED;
    }

    private static RequestDecision identified(OutboundIdentity identity, Optional<AccessClaims> confirmed) {
        return new Forward(identity, AuthorizationOutcome.IDENTIFIED, confirmed);
    }

    private static RequestDecision forbidden(AccessClaims caller, @Nullable AccessClaims confirmed) {
        return new Refuse(
                Problem.FORBIDDEN,
                AuthorizationOutcome.FORBIDDEN,
                Optional.ofNullable(confirmed),
                Optional.of(caller.subject()));
    }

    private static RequestDecision stopped(Problem problem) {
        return new Refuse(problem, AuthorizationOutcome.ofStopped(problem));
    }

    private static RequestDecision guest(AccessRule rule, Problem problem) {
        if (AuthorizationDecision.decide(rule, Optional.empty()) == AuthorizationDecision.ANONYMOUS) {
            return new Forward(OutboundIdentity.UNKNOWN, AuthorizationOutcome.ANONYMOUS, Optional.empty());
        }
        boolean isToProve = rule.options().isDpopRequired() && problem.equals(Problem.UNAUTHENTICATED);
        return asked(rule, isToProve ? Problem.DPOP_REQUIRED : problem, null);
    }

    private static RequestDecision asked(AccessRule rule, Problem problem, @Nullable AccessClaims confirmed) {
        return rule.options().unauthenticated() == Unauthenticated.SIGN_IN
                        && !rule.options().isDpopRequired()
                ? new SignIn(problem, rule.options().requiredSignIn(), Optional.ofNullable(confirmed))
                : new Refuse(problem, AuthorizationOutcome.SIGN_IN, Optional.ofNullable(confirmed), Optional.empty());
    }

    /**
     * A token of the gateway anywhere in {@code Authorization} keeps that header back, whatever its scheme is called.
     */
    private boolean isForeign(RequestHead request) {
        for (String value : request.fields().all("Authorization")) {
            if (BETWEEN_TOKENS
                    .splitAsStream(value)
                    .anyMatch(word -> word.length() >= SHORTEST_TOKEN && recognizer.isOurs(word))) {
                return false;
            }
        }
        return true;
    }
}
