package dev.latchkey.gateway.pipeline.decision;

import dev.latchkey.gateway.exchange.OutboundIdentity;
import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.keys.GatewayTokenRecognizer;
import dev.latchkey.gateway.pipeline.authentication.AuthenticationResult;
import dev.latchkey.gateway.pipeline.authentication.TokenAuthentication;
import dev.latchkey.gateway.pipeline.authorization.AccessLevel;
import dev.latchkey.gateway.pipeline.authorization.AccessRule;
import dev.latchkey.gateway.pipeline.authorization.AuthorizationDecision;
import dev.latchkey.gateway.pipeline.authorization.AuthorizationOutcome;
import dev.latchkey.gateway.pipeline.authorization.Unauthenticated;
import dev.latchkey.gateway.pipeline.decision.RequestDecision.Forward;
import dev.latchkey.gateway.pipeline.decision.RequestDecision.Refuse;
import dev.latchkey.gateway.pipeline.decision.RequestDecision.SignIn;
import dev.latchkey.gateway.pipeline.decision.RequestDecision.Undecided;
import dev.latchkey.gateway.pipeline.identity.IdentityPropagation;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.token.AccessClaims;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Decides who is asking, whether they may enter a route, and as whom the request is forwarded. */
@Component
public final class Decider {

    private final TokenAuthentication authentication;
    private final IdentityPropagation identities;
    private final GatewayTokenRecognizer recognizer;

    Decider(TokenAuthentication authentication, IdentityPropagation identities, GatewayTokenRecognizer recognizer) {
        this.authentication = authentication;
        this.identities = identities;
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
        return result.isEmpty() ? Undecided.UNDECIDED : decide(result.get(), rule, true);
    }

    /** Decides about a request whose sender was found out by {@link TokenAuthentication#authenticate}. */
    public RequestDecision decide(AuthenticationResult result, AccessRule rule) {
        return decide(result, rule, false);
    }

    private RequestDecision decide(AuthenticationResult result, AccessRule rule, boolean isUnreported) {
        return result.fold(
                caller -> authorized(rule, caller, isUnreported ? Optional.of(caller) : Optional.empty()),
                problem -> guest(rule, problem),
                problem -> new Refuse(problem, AuthorizationOutcome.ofStopped(problem), Optional.empty()));
    }

    private RequestDecision authorized(AccessRule rule, AccessClaims caller, Optional<AccessClaims> confirmed) {
        if (AuthorizationDecision.decide(rule, Optional.of(caller)) != AuthorizationDecision.IDENTIFIED) {
            return new Refuse(Problem.FORBIDDEN, AuthorizationOutcome.FORBIDDEN, confirmed);
        }
        OutboundIdentity identity = identities.of(
                caller, rule.audience().orElseThrow(), rule.options().relay());
        return new Forward(identity, AuthorizationOutcome.IDENTIFIED, confirmed);
    }

    private static RequestDecision guest(AccessRule rule, Problem problem) {
        if (AuthorizationDecision.decide(rule, Optional.empty()) == AuthorizationDecision.ANONYMOUS) {
            return new Forward(OutboundIdentity.UNKNOWN, AuthorizationOutcome.ANONYMOUS, Optional.empty());
        }
        return rule.options().unauthenticated() == Unauthenticated.SIGN_IN
                ? new SignIn(problem)
                : new Refuse(problem, AuthorizationOutcome.SIGN_IN, Optional.empty());
    }

    /**
     * A token of the gateway anywhere in {@code Authorization} keeps that header back, whatever its scheme is called.
     */
    private boolean isForeign(RequestHead request) {
        for (String value : request.fields().all("Authorization")) {
            if (recognizer.isOurs(value.substring(value.lastIndexOf(' ') + 1))) {
                return false;
            }
        }
        return true;
    }
}
