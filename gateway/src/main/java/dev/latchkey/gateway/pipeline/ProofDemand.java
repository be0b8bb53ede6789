package dev.latchkey.gateway.pipeline;

import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.RepeatedEvents;
import dev.latchkey.gateway.device.DeviceChallenges;
import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Generation;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * Has the device of a bound session prove itself for one request, however fresh its access token is, which may be a
 * copy. The browser is sent to the same address with a demand in its query and without an access cookie: it renews that
 * by a proof before it sends anything, and so comes back with a later generation than the demand names. A copy of what
 * it had when the demand was made never does.
 */
@Component
public final class ProofDemand {

    private static final String DEMAND = "proof-demand";

    private final DeviceChallenges challenges;
    private final RepeatedEvents audit;

    ProofDemand(DeviceChallenges challenges, RepeatedEvents audit) {
        this.challenges = challenges;
        this.audit = audit;
    }

    /** Whether the caller's device has proven itself since that was demanded, or has no need to. */
    public boolean isMet(ServerHttpRequest request, AccessClaims caller) {
        return !caller.deviceBound()
                || demanded(request, caller)
                        .filter(before -> caller.generation().compareTo(before) > 0)
                        .isPresent();
    }

    /**
     * Where the browser is to send the same request again, with method and body as they are (RFC 9110 section 15.4.8);
     * empty if it comes from there and has proven nothing, so that this is no loop. No browser does that, but who has a
     * copy of its cookies, so the audit log is told.
     */
    public Optional<String> address(ServerWebExchange exchange, AccessClaims caller) {
        if (demanded(exchange.getRequest(), caller).isPresent()) {
            audit.record(
                    AuditEvent.proofMissing(caller.subject(), caller.session().publicId()));
            return Optional.empty();
        }
        URI address = exchange.getRequest().getURI();
        String demand = DEMAND + "=" + challenges.ofDemand(caller.session(), caller.generation());
        String prefix = ExchangeAttribute.LINK_PREFIX.of(exchange).orElse("");
        return Optional.of(prefix + address.getRawPath() + "?" + demand + others(address.getRawQuery()));
    }

    /** As they came, behind ours: of several the first counts. */
    private static String others(@Nullable String query) {
        return Stream.of(Objects.requireNonNullElse(query, "").split("&", -1))
                .filter(parameter -> !parameter.isEmpty() && !parameter.startsWith(DEMAND + "="))
                .map(parameter -> "&" + parameter)
                .collect(Collectors.joining());
    }

    private Optional<Generation> demanded(ServerHttpRequest request, AccessClaims caller) {
        return Optional.ofNullable(request.getQueryParams().getFirst(DEMAND))
                .flatMap(demand -> challenges.demanded(caller.session(), demand));
    }
}
