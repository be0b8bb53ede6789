package dev.latchkey.gateway.provider;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.latchkey.gateway.logging.ThrottledLog;
import dev.latchkey.gateway.provider.setting.ClaimPath;
import dev.latchkey.gateway.provider.transport.DpopProofs;
import dev.latchkey.gateway.provider.transport.Sent;
import dev.latchkey.gateway.provider.transport.Sent.Answered;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Asks providers for claims that their ID tokens lack (OpenID Connect Core section 5.3), where the settings say so.
 * Only the claims that the settings name are taken of it: who the user is, and when they signed in, the ID token alone
 * says.
 */
final class UserInfo {

    private static final ThrottledLog LOG = new ThrottledLog(LoggerFactory.getLogger(UserInfo.class), Level.WARN);
    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;

    private final Scheduler scheduler;
    private final MeterRegistry meters;

    /** @param scheduler where proofs are signed and answers parsed */
    UserInfo(Scheduler scheduler, MeterRegistry meters) {
        this.scheduler = scheduler;
        this.meters = meters;
    }

    /** Whether it is to be asked for what these claims of an ID token lack. */
    static boolean isWanted(Provider provider, Map<String, Object> claims) {
        return provider.settings().userInfo()
                && wanted(provider.settings())
                        .anyMatch(path -> ClaimPath.find(claims, path).isEmpty());
    }

    private static Stream<String> wanted(ProviderSettings settings) {
        return Stream.concat(
                        Stream.of(settings.nameClaim(), settings.emailClaim(), settings.rolesClaim()),
                        settings.localUser().stream())
                .filter(path -> !path.isEmpty());
    }

    /**
     * The claims of an ID token, and those that it lacks; empty if the provider does not answer as it should, or about
     * somebody else (section 5.3.2). It never fails.
     */
    Mono<Optional<Map<String, Object>>> added(Provider provider, Map<String, Object> claims, UpstreamTokens tokens) {
        long start = System.nanoTime();
        Duration within = provider.settings().callTimeout();
        return Mono.defer(() -> ask(provider, tokens, Optional.empty(), within))
                .flatMap(sent -> nonce(sent)
                        .map(nonce ->
                                ask(provider, tokens, Optional.of(nonce), within.minusNanos(System.nanoTime() - start)))
                        .orElseGet(() -> Mono.just(sent)))
                .map(sent -> read(sent, String.valueOf(claims.get("sub"))))
                .onErrorResume(unexpected ->
                        Mono.just(new Read(null, unexpected.getClass().getSimpleName())))
                .doOnNext(read -> report(provider, read))
                .map(read -> Optional.ofNullable(read.claims).map(more -> joined(provider.settings(), claims, more)))
                .subscribeOn(scheduler);
    }

    private static Mono<Sent> ask(Provider provider, UpstreamTokens tokens, Optional<String> nonce, Duration within) {
        Optional<URI> endpoint = provider.metadata().flatMap(Metadata::userInfo);
        boolean mayAsk = !provider.isPaused() && !within.isNegative() && !within.isZero();
        if (endpoint.isEmpty() || tokens.access().isEmpty() || !mayAsk) {
            return Mono.just(new Sent.Unsent("it cannot be asked now"));
        }
        return provider.transport().get(endpoint.get(), headers(endpoint.get(), tokens, nonce), within);
    }

    private static Map<String, String> headers(URI endpoint, UpstreamTokens tokens, Optional<String> nonce) {
        String token = tokens.access().orElseThrow();
        return tokens.dpopKey()
                .flatMap(key -> DpopProofs.proofWithToken(key, endpoint, token, nonce))
                .map(proof -> Map.of("Authorization", "DPoP " + token, "DPoP", proof))
                .orElseGet(() -> Map.of("Authorization", "Bearer " + token));
    }

    /** That with which the provider wants to be asked again (RFC 9449 section 9). */
    private static Optional<String> nonce(Sent sent) {
        return sent instanceof Answered answer
                        && answer.status() == UNAUTHORIZED
                        && answer.header("WWW-Authenticate").orElse("").contains("use_dpop_nonce")
                ? answer.dpopNonce()
                : Optional.empty();
    }

    private static Read read(Sent sent, String sub) {
        return sent.fold(
                answer -> read(answer, sub),
                lost -> new Read(null, lost.how()),
                unsent -> new Read(null, unsent.why()));
    }

    private static Read read(Answered answer, String sub) {
        if (answer.status() != OK || !answer.isJson()) {
            return new Read(null, answer.status() == OK ? "it is not JSON" : "status " + answer.status());
        }
        try {
            Map<String, Object> claims = JSONObjectUtils.parse(answer.body());
            return sub.equals(claims.get("sub")) ? new Read(claims, "") : new Read(null, "it is about another user");
        } catch (ParseException | RuntimeException malformed) {
            return new Read(null, "it is malformed");
        }
    }

    private void report(Provider provider, Read read) {
        TokenCalls.count(meters, provider, "user-info", read.claims == null ? "unknown" : "granted");
        if (read.claims == null) {
            LOG.write("The user info endpoint of provider " + provider.name() + " has no good answer", read.fault);
        }
    }

    /** Each under its whole path, which goes before one that is nested. */
    private static Map<String, Object> joined(
            ProviderSettings settings, Map<String, Object> claims, Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(claims);
        wanted(settings)
                .filter(path -> ClaimPath.find(claims, path).isEmpty())
                .forEach(path -> ClaimPath.find(more, path).ifPresent(value -> all.put(path, value)));
        Stream.of("_claim_names", "hasgroups")
                .filter(more::containsKey)
                .forEach(sign -> all.putIfAbsent(sign, more.get(sign)));
        return all;
    }

    /**
     * What came.
     *
     * @param fault a word for logs, where there are no claims
     */
    private record Read(@Nullable Map<String, Object> claims, String fault) {}
}
