package dev.latchkey.gateway.provider;

import dev.latchkey.gateway.logging.ThrottledLog;
import dev.latchkey.gateway.provider.transport.Sent;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Tells providers that tokens are not needed any more (RFC 7009). Revoking twice does no harm, so this may be repeated.
 */
public final class Revocations {

    private static final ThrottledLog LOG = new ThrottledLog(LoggerFactory.getLogger(Revocations.class), Level.WARN);
    private static final int TRIES = 3;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int SERVER_ERROR = 500;
    private static final int TOO_MANY = 429;

    private final Scheduler scheduler;

    Revocations(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /**
     * Revokes the refresh token, or the access token where there is none, with up to three requests. Completes when it
     * is done, when it is given up, or at once where the provider has no endpoint for it; it never fails.
     */
    public Mono<Void> revoke(Provider provider, UpstreamTokens tokens) {
        return Mono.defer(() -> {
                    Optional<URI> endpoint = provider.metadata().flatMap(Metadata::revocation);
                    Optional<String> token = tokens.refresh().or(tokens::access);
                    if (endpoint.isEmpty() || token.isEmpty()) {
                        return Mono.<Void>empty();
                    }
                    Map<String, String> form = new LinkedHashMap<>();
                    form.put("token", token.get());
                    form.put("token_type_hint", tokens.refresh().isPresent() ? "refresh_token" : "access_token");
                    return Flux.range(0, TRIES)
                            .concatMap(number -> post(provider, tokens.client(), endpoint.get(), form, number), 1)
                            .takeUntil(isOver -> isOver)
                            .last(false)
                            .doOnNext(isOver -> report(provider, isOver))
                            .then();
                })
                .subscribeOn(scheduler);
    }

    private Mono<Boolean> post(
            Provider provider, ClientType client, URI endpoint, Map<String, String> form, int number) {
        return Mono.delay(PAUSE.multipliedBy(number), scheduler).then(Mono.defer(() -> {
            Duration within = provider.settings().callTimeout();
            return ClientCredentials.post(provider, client, endpoint, Map.of(), form, within)
                    .map(Revocations::isOver);
        }));
    }

    /** What the provider understood and refuses, it refuses again. */
    private static boolean isOver(Sent sent) {
        return sent.fold(
                answer -> answer.status() < SERVER_ERROR && answer.status() != TOO_MANY, lost -> false, none -> false);
    }

    private static void report(Provider provider, boolean isOver) {
        if (!isOver) {
            LOG.write("A token could not be revoked at its provider", provider.name());
        }
    }
}
