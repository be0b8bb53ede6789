package dev.latchkey.gateway.signin;

import dev.latchkey.gateway.crypto.Base64Url;
import dev.latchkey.gateway.crypto.Sha256;
import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.page.ReturnPath;
import dev.latchkey.gateway.pipeline.SignInAddress;
import dev.latchkey.gateway.pipeline.client.ClientAddress;
import dev.latchkey.gateway.pipeline.client.IpAddresses;
import dev.latchkey.gateway.pipeline.cookies.TokenCookies;
import dev.latchkey.gateway.redis.LuaScripts;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.redis.ScriptClock;
import dev.latchkey.gateway.signin.attempts.SignInProperties;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.UriUtils;
import reactor.core.publisher.Mono;

/**
 * Remembers where users wanted to go while they sign in. A short path travels in the address of the sign-in page, as
 * the value of a parameter that is decoded once: it needs no Redis and none of the few places that an address has
 * there, which the tabs of one office would soon fill. A long one waits in Redis under a key that only this browser
 * knows, by a cookie of this one attempt, so that several tabs do not get in each other's way.
 */
@Component
@SuppressWarnings("rawtypes")
public final class KeptReturnPaths implements SignInAddress {

    /** Encoded; so the whole address stays far below the limits of proxies and browsers. */
    private static final int MAX_IN_ADDRESS = 1024;

    private static final Duration LIFE = Duration.ofMinutes(10);

    /** All keys lie in one slot, so that one script can bound them together. */
    private static final String PREFIX = "latchkey:return:{returns}:";

    private static final String FOLDER = "dev/latchkey/gateway/signin/";
    private static final RedisScript<Long> KEEP = LuaScripts.timed(Long.class, FOLDER + "keep-return.lua");
    private static final RedisScript<List> KEPT = LuaScripts.read(List.class, FOLDER + "kept-return.lua");

    private final RedisClient redis;
    private final ScriptClock clock;
    private final ClientAddress addresses;
    private final TokenCookies cookies;
    private final SignInProperties limits;
    private final String signInPage;
    private final SecureRandom random = new SecureRandom();

    KeptReturnPaths(
            RedisClient redis,
            ScriptClock clock,
            ClientAddress addresses,
            TokenCookies cookies,
            SignInProperties limits,
            EndpointPaths paths) {
        this.redis = redis;
        this.clock = clock;
        this.addresses = addresses;
        this.cookies = cookies;
        this.limits = limits;
        this.signInPage = paths.of(Endpoint.SIGN_IN);
    }

    @Override
    public Mono<String> leadingBackTo(ServerWebExchange exchange, String wanted) {
        if (wanted.length() <= MAX_IN_ADDRESS) {
            String encoded = UriUtils.encode(wanted, StandardCharsets.UTF_8);
            if (encoded.length() <= MAX_IN_ADDRESS) {
                return Mono.just(signInPage + "?return=" + encoded);
            }
        }
        return wanted.length() > ReturnPath.MAX_LENGTH ? Mono.just(signInPage + "?attempt=") : keep(exchange, wanted);
    }

    private Mono<String> keep(ServerWebExchange exchange, String wanted) {
        String attempt = Base64Url.random(random, 6);
        String key = Base64Url.random(random, 16);
        String network = IpAddresses.network(addresses.of(new SpringRequestHead(exchange.getRequest())));
        List<String> keys = List.of(keyOf(key), PREFIX + "address:" + Sha256.base64Url(network), PREFIX + "bytes");
        List<String> arguments = List.of(
                wanted,
                Long.toString(LIFE.toMillis()),
                Integer.toString(limits.returnPathsPerAddress()),
                Long.toString(limits.returnPathsInAll().toBytes()),
                clock.argument());
        return redis.run(KEEP, keys, arguments)
                .filter(kept -> kept == 1)
                .doOnNext(kept -> exchange.getResponse()
                        .getHeaders()
                        .add(
                                HttpHeaders.SET_COOKIE,
                                cookies.returnPath(attempt, key, LIFE).line()))
                .map(kept -> signInPage + "?attempt=" + attempt)
                .onErrorComplete()
                .defaultIfEmpty(signInPage + "?attempt=");
    }

    private static String keyOf(String key) {
        return PREFIX + "path:" + key;
    }

    /** Where the sign-in page leads back to. */
    public Mono<Destination> destination(ServerHttpRequest request) {
        String attempt = request.getQueryParams().getFirst("attempt");
        if (attempt == null) {
            String wanted = request.getQueryParams().getFirst("return");
            return Mono.just(Destination.to(wanted == null ? ReturnPath.ROOT.value() : wanted));
        }
        return kept(request, attempt);
    }

    /** The path that was kept for an attempt of this browser. */
    public Mono<Destination> kept(ServerHttpRequest request, String attempt) {
        return Mono.justOrEmpty(key(request, attempt))
                .flatMap(key -> redis.run(KEPT, List.of(keyOf(key)), List.of()))
                .map(answer -> String.valueOf(answer.get(0)))
                .filter(path -> !path.isEmpty())
                .map(Destination::to)
                .onErrorComplete()
                .defaultIfEmpty(new Destination(ReturnPath.ROOT, true));
    }

    private Optional<String> key(ServerHttpRequest request, String attempt) {
        return Base64Url.isWellFormed(attempt, 6)
                ? onlyCookie(request, cookies.returnPathName(attempt)).filter(key -> Base64Url.isWellFormed(key, 16))
                : Optional.empty();
    }

    /** The value of the cookie; empty unless there is exactly one. */
    private static Optional<String> onlyCookie(ServerHttpRequest request, String name) {
        List<HttpCookie> found = request.getCookies().getOrDefault(name, List.of());
        return found.size() == 1 ? Optional.of(found.get(0).getValue()) : Optional.empty();
    }

    /**
     * Where it leads to.
     *
     * @param isLost whether it should lead elsewhere, to a path that was not kept
     */
    public record Destination(ReturnPath path, boolean isLost) {

        /** A path that an address or a cookie holds. */
        public static Destination to(String wanted) {
            ReturnPath path = ReturnPath.of(wanted);
            return new Destination(path, !path.value().equals(wanted));
        }
    }
}
