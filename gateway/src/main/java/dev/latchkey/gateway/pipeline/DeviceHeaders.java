package dev.latchkey.gateway.pipeline;

import dev.latchkey.gateway.device.DeviceBindingProperties;
import dev.latchkey.gateway.device.DeviceChallenges;
import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.http.spring.SpringHeaderFields;
import dev.latchkey.gateway.pipeline.authentication.BoundSession;
import dev.latchkey.gateway.pipeline.authentication.RotatedTokens;
import dev.latchkey.gateway.pipeline.cookies.TokenCookies;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.SessionId;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** What responses say to a browser that can bind its session to its device (W3C Device Bound Session Credentials). */
@Component
public final class DeviceHeaders {

    private static final String REGISTRATION = "Secure-Session-Registration";
    private static final String CHALLENGE = "Secure-Session-Challenge";
    private static final String SKIPPED = "Secure-Session-Skipped";

    /** Each passes, and the browser keeps the session meanwhile. */
    private static final Set<String> PASSING = Set.of("unreachable", "server_error", "quota_exceeded");

    private final DeviceBindingProperties properties;
    private final DeviceChallenges challenges;
    private final TokenCookies cookies;
    private final String registration;

    DeviceHeaders(
            DeviceBindingProperties properties,
            DeviceChallenges challenges,
            TokenCookies cookies,
            EndpointPaths paths) {
        this.properties = properties;
        this.challenges = challenges;
        this.cookies = cookies;
        this.registration = paths.of(Endpoint.DEVICE_REGISTRATION);
    }

    /** Asks the browser that has just signed in to register a key. Browsers that know nothing of it ignore that. */
    public void offer(ServerWebExchange exchange, SessionId session) {
        if (properties.isOffered()) {
            String prefix = ExchangeAttribute.LINK_PREFIX.of(exchange).orElse("");
            exchange.getResponse()
                    .getHeaders()
                    .set(
                            REGISTRATION,
                            "(ES256);path=\"%s%s\";challenge=\"%s\""
                                    .formatted(prefix, registration, challenges.ofRegistration(session)));
        }
    }

    /** What its device has to sign for the next rotation of a session, and no other client. */
    public void challenge(ServerWebExchange exchange, SessionId session, Generation current) {
        ServerHttpResponse response = exchange.getResponse();
        response.beforeCommit(() ->
                Mono.fromRunnable(() -> RotatedTokens.keepFromCaches(new SpringHeaderFields(response.getHeaders()))));
        response.getHeaders()
                .set(
                        CHALLENGE,
                        "\"%s\";id=\"%s\""
                                .formatted(
                                        challenges.ofRenewal(session, current),
                                        session.publicId().value()));
    }

    /**
     * Challenges the device whose request was refused for want of a proof, and clears an access cookie: a browser that
     * keeps it does not renew.
     */
    void challenge(ServerWebExchange exchange, BoundSession session) {
        challenge(exchange, session.session(), session.current());
        if (session.keepsAccessCookie()) {
            exchange.getResponse()
                    .getHeaders()
                    .add(HttpHeaders.SET_COOKIE, cookies.accessCleared().line());
        }
    }

    /**
     * Whether a browser says that it tried to renew its session and could not for now. A hint that anybody can send.
     */
    static boolean skippedRenewal(HttpHeaders request) {
        return request.getValuesAsList(SKIPPED).stream()
                .map(member -> member.split(";", 2)[0].strip())
                .anyMatch(PASSING::contains);
    }
}
