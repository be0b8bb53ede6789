package dev.latchkey.gateway.admin.console;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.latchkey.gateway.admin.AdminAuthentication.AdmittedOperator;
import dev.latchkey.gateway.admin.AdminSetting;
import dev.latchkey.gateway.crypto.Base64Url;
import dev.latchkey.gateway.crypto.Sha256;
import dev.latchkey.gateway.token.cookie.CookieNames;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.springframework.context.annotation.Conditional;
import org.springframework.http.HttpCookie;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;

/**
 * The operators who are signed in at this node, by the hash of their cookie. They are kept in memory: a node that
 * starts again, or another node, asks them to sign in again.
 */
@Component
@Conditional(AdminSetting.Present.class)
final class OperatorSessions {

    /** However busy the operator is. */
    static final Duration LIFE = Duration.ofMinutes(15);

    private static final int MOST = 1000;
    private static final int BYTES = 32;

    private final Cache<String, OperatorSession> sessions =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(LIFE).build();

    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock;

    OperatorSessions(InstantSource clock) {
        this.clock = clock;
    }

    /** Signs an operator in; their cookie. */
    ResponseCookie begin(AdmittedOperator operator, ServerHttpRequest request) {
        String secret = Base64Url.random(random, BYTES);
        Instant ends = clock.instant().plus(LIFE);
        sessions.put(
                Sha256.base64Url(secret),
                new OperatorSession(
                        operator.actor(), Base64Url.random(random, BYTES), ends, operator.isStillOperator()));
        return cookie(secret, LIFE, request);
    }

    /** Who a request comes from. Several cookies of the name are none: it is unknown which counts. */
    Optional<OperatorSession> find(ServerHttpRequest request) {
        return secret(request)
                .map(secret -> sessions.getIfPresent(Sha256.base64Url(secret)))
                .filter(session -> clock.instant().isBefore(session.ends()))
                .filter(session -> session.isStillOperator().getAsBoolean());
    }

    /** Signs the operator of a request out; a cookie that deletes theirs. */
    ResponseCookie end(ServerHttpRequest request) {
        secret(request).ifPresent(secret -> sessions.invalidate(Sha256.base64Url(secret)));
        return cookie("", Duration.ZERO, request);
    }

    private static Optional<String> secret(ServerHttpRequest request) {
        List<HttpCookie> cookies = request.getCookies().getOrDefault(CookieNames.OPERATOR, List.of());
        return cookies.size() == 1
                ? Optional.of(cookies.get(0).getValue()).filter(value -> Base64Url.isWellFormed(value, BYTES))
                : Optional.empty();
    }

    /** Browsers send it to other ports of the host, too, but only to paths below the console's own. */
    private static ResponseCookie cookie(String value, Duration age, ServerHttpRequest request) {
        return ResponseCookie.from(CookieNames.OPERATOR, value)
                .path(Console.root(request.getPath()))
                .maxAge(age)
                .httpOnly(true)
                .secure(request.getSslInfo() != null)
                .sameSite("Strict")
                .build();
    }
}
