package dev.latchkey.gateway.routes.table;

import dev.latchkey.gateway.http.MutableHeaderFields;
import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.pipeline.crosssite.CorsRule;
import dev.latchkey.gateway.pipeline.crosssite.CrossOriginAccess;
import dev.latchkey.gateway.routes.definition.SecurityHeaders;
import java.util.Optional;

/**
 * What a route says in its responses, refusals too.
 *
 * @param cors who may read them
 * @param securityHeaders for browsers
 * @param trustedOrigins of the whole gateway, which a response names already
 */
public record AnswerRules(Optional<CorsRule> cors, SecurityHeaders securityHeaders, CrossOriginAccess trustedOrigins) {

    boolean isEmpty() {
        return cors.isEmpty() && securityHeaders.values().isEmpty();
    }

    /** Completes a response that says what the whole gateway has to say. */
    public void apply(RequestHead request, MutableHeaderFields response) {
        if (cors.isPresent()) {
            describe(cors.get(), request, response);
        }
        securityHeaders.complete(response);
    }

    private void describe(CorsRule rule, RequestHead request, MutableHeaderFields response) {
        if (trustedOrigins.isAllowed(request)) {
            rule.expose(response);
        } else {
            rule.describe(request, response);
        }
    }
}
