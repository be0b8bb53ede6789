package dev.latchkey.gateway.provider;

import com.nimbusds.oauth2.sdk.util.URLUtils;
import dev.latchkey.gateway.logging.ThrottledLog;
import dev.latchkey.gateway.provider.TokenAnswer.Granted;
import dev.latchkey.gateway.provider.TokenAnswer.Ours;
import dev.latchkey.gateway.provider.TokenAnswer.Refused;
import dev.latchkey.gateway.provider.TokenAnswer.Trouble;
import dev.latchkey.gateway.provider.TokenAnswer.Unsent;
import dev.latchkey.gateway.provider.transport.DpopProofs;
import dev.latchkey.gateway.provider.transport.Sent;
import dev.latchkey.gateway.provider.transport.Sent.Answered;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Requests to the endpoints of providers where tokens are. Each is one POST over a connection of its own, which no
 * layer sends again: a refresh token that comes twice ends a session at strict providers. The one exception is the
 * protocol's: a provider that wants its nonce in a proof of possession refuses the first request unread (RFC 9449
 * section 8). A call never fails; what went wrong is its answer. A caller that stops waiting does not stop the
 * provider.
 */
public final class TokenCalls {

    private static final Logger LOGGER = LoggerFactory.getLogger(TokenCalls.class);
    private static final ThrottledLog LOG = new ThrottledLog(LOGGER, Level.WARN);

    /** After a refusal of this gateway, which an operator has to mend. */
    private static final Duration PAUSE_AFTER_REFUSAL = Duration.ofSeconds(10);

    /** After a word of trouble without a time. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** What says nothing about the request, so that no user can provoke it with a code of their own. */
    private static final Set<String> OF_THE_CLIENT =
            Set.of("invalid_client", "unauthorized_client", "unsupported_grant_type");

    /** What says something about all refreshes, because each of them is made in the same way. */
    private static final Set<String> OF_THE_SETTINGS = Set.of("invalid_request", "invalid_scope");

    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;

    private final Scheduler scheduler;
    private final MeterRegistry meters;

    /** @param scheduler where requests are signed and files read, which block */
    TokenCalls(Scheduler scheduler, MeterRegistry meters) {
        this.scheduler = scheduler;
        this.meters = meters;
    }

    /**
     * Exchanges a code for tokens (RFC 6749 section 4.1.3, RFC 7636 section 4.5). A code counts once: no second try.
     *
     * @param client which it was issued to
     * @param redirectUri to which it was sent, to the letter
     */
    public Mono<TokenAnswer> exchange(
            Provider provider, ClientType client, String code, String verifier, URI redirectUri) {
        return Mono.defer(() -> {
            Map<String, String> form = form("authorization_code");
            form.put("code", code);
            form.put("code_verifier", verifier);
            form.put("redirect_uri", redirectUri.toString());
            provider.settings().resourceUri().ifPresent(uri -> form.put("resource", uri.toString()));
            Optional<String> key = provider.settings().dpop() ? Optional.of(DpopProofs.newKey()) : Optional.empty();
            UpstreamTokens none = withKey(client, key);
            return call(provider, "exchange", form, none, provider.settings().callTimeout());
        });
    }

    private static UpstreamTokens withKey(ClientType client, Optional<String> key) {
        return new UpstreamTokens(client, Optional.empty(), Optional.empty(), Optional.empty(), "", key);
    }

    /**
     * Uses a refresh token (RFC 6749 section 6).
     *
     * @param within after this it is given up, if {@code call-timeout} is not shorter
     */
    public Mono<TokenAnswer> refresh(Provider provider, UpstreamTokens held, Duration within) {
        return Mono.defer(() -> {
            if (held.refresh().isEmpty()) {
                return Mono.just(new Unsent("no refresh token"));
            }
            Map<String, String> form = form("refresh_token");
            form.put("refresh_token", held.refresh().get());
            provider.settings().resourceUri().ifPresent(uri -> form.put("resource", uri.toString()));
            Duration most = provider.settings().callTimeout();
            return call(provider, "refresh", form, held, within.compareTo(most) < 0 ? within : most);
        });
    }

    /**
     * Exchanges a session's access token for one with another audience (RFC 8693 section 2.1). A token that names other
     * audiences is not what was asked for.
     */
    public Mono<TokenAnswer> exchangeToken(Provider provider, UpstreamTokens held, String audience) {
        return Mono.defer(() -> {
            if (held.access().isEmpty()) {
                return Mono.just(new Unsent("no access token"));
            }
            boolean isOffered =
                    provider.metadata().map(Metadata::exchangesTokens).orElse(true);
            if (!isOffered) {
                LOG.write("Provider " + provider.name() + " exchanges no tokens", "its grant_types_supported");
                return Mono.just(new Ours("unsupported_grant_type"));
            }
            Map<String, String> form = form("urn:ietf:params:oauth:grant-type:token-exchange");
            form.put("subject_token", held.access().get());
            form.put("subject_token_type", "urn:ietf:params:oauth:token-type:access_token");
            form.put("requested_token_type", "urn:ietf:params:oauth:token-type:access_token");
            form.put("audience", audience);
            UpstreamTokens sent = withKey(held.client(), held.dpopKey());
            return call(
                            provider,
                            "token-exchange",
                            form,
                            sent,
                            provider.settings().callTimeout())
                    .map(answer -> TokenAnswers.isForOthers(answer, audience) ? misdirected(provider) : answer);
        });
    }

    private static TokenAnswer misdirected(Provider provider) {
        LOG.write("Provider " + provider.name() + " exchanged a token for another audience", "invalid_target");
        return new Ours("invalid_target");
    }

    private static Map<String, String> form(String grantType) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", grantType);
        return form;
    }

    private Mono<TokenAnswer> call(
            Provider provider, String what, Map<String, String> form, UpstreamTokens sent, Duration within) {
        long start = System.nanoTime();
        return Mono.defer(() -> {
                    Optional<String> nonce = provider.dpopNonce();
                    return post(provider, form, sent, nonce, left(within, start))
                            .flatMap(answer -> wantsNonce(provider, answer, nonce)
                                    ? post(provider, form, sent, provider.dpopNonce(), left(within, start))
                                    : Mono.just(answer));
                })
                .map(answer ->
                        TokenAnswers.read(answer, sent, provider.settings().defaultExpiresIn()))
                .onErrorResume(unexpected -> {
                    LOGGER.error("A token request to provider {} failed", provider.name(), unexpected);
                    return Mono.just(new TokenAnswer.Unknown("an unexpected failure"));
                })
                .doOnNext(answer -> learn(provider, sent.client(), what, answer))
                .subscribeOn(scheduler);
    }

    private static Duration left(Duration within, long start) {
        return within.minusNanos(System.nanoTime() - start);
    }

    private Mono<Sent> post(
            Provider provider, Map<String, String> form, UpstreamTokens sent, Optional<String> nonce, Duration left) {
        Optional<Metadata> metadata = provider.metadata();
        if (metadata.isEmpty() || provider.isPaused() || left.isNegative() || left.isZero()) {
            return Mono.just(new Sent.Unsent(
                    metadata.isEmpty() ? "its metadata is unknown" : provider.isPaused() ? "paused" : "no time left"));
        }
        URI endpoint = metadata.get().token();
        Map<String, String> headers = sent.dpopKey()
                .flatMap(key -> DpopProofs.proof(key, endpoint, nonce))
                .map(proof -> Map.of("DPoP", proof))
                .orElse(Map.of());
        return ClientCredentials.post(provider, sent.client(), endpoint, headers, form, left);
    }

    static String encoded(Map<String, String> form) {
        return URLUtils.serializeParameters(form.entrySet().stream()
                .collect(Collectors.toMap(
                        Entry::getKey,
                        entry -> Collections.singletonList(entry.getValue()),
                        (one, other) -> one,
                        LinkedHashMap::new)));
    }

    /**
     * Whether the provider refused the request because of its nonce, and named another: which the answer to a parallel
     * request may have done before.
     */
    private static boolean wantsNonce(Provider provider, Sent sent, Optional<String> used) {
        if (!(sent instanceof Answered answer)) {
            return false;
        }
        Optional<String> nonce = answer.dpopNonce();
        boolean isNew = nonce.isPresent() && !nonce.equals(used);
        nonce.ifPresent(provider::expectNonce);
        boolean isRefused = answer.status() == BAD_REQUEST || answer.status() == UNAUTHORIZED;
        return isNew && isRefused && answer.isJson() && answer.body().contains("\"use_dpop_nonce\"");
    }

    static void count(MeterRegistry meters, Provider provider, String call, String outcome) {
        meters.counter(
                        "latchkey.providers.calls",
                        "provider",
                        provider.name().value(),
                        "call",
                        call,
                        "outcome",
                        outcome)
                .increment();
    }

    private void learn(Provider provider, ClientType client, String what, TokenAnswer answer) {
        count(meters, provider, what, answer.getClass().getSimpleName().toLowerCase(Locale.ROOT));
        warnOfAudience(provider, what, answer);
        if (answer instanceof Trouble trouble) {
            provider.pause(trouble.retryAfter().orElse(PAUSE));
        } else if (answer instanceof Granted || answer instanceof Refused) {
            accepted(provider, client);
        } else if (client == ClientType.CONFIDENTIAL
                && answer instanceof Ours refusal
                && isOfTheClient(what, refusal.error())) {
            provider.refuses(refusal.error());
            provider.pause(PAUSE_AFTER_REFUSAL);
            LOG.write("Provider " + provider.name() + " refuses this gateway", refusal.error());
        } else if (!(answer instanceof Unsent)) {
            LOG.write("A token request to provider " + provider.name() + " has no good answer", word(answer));
        }
    }

    /**
     * What the provider thinks of the native apps' client says nothing of the gateway's own. Nor does it hold requests
     * back: anyone can send a code.
     */
    private static void accepted(Provider provider, ClientType client) {
        if (client == ClientType.CONFIDENTIAL) {
            provider.answersWell();
        }
    }

    /**
     * A provider may ignore the parameter (RFC 8707 section 2), and backends that check would then refuse everything.
     */
    private static void warnOfAudience(Provider provider, String what, TokenAnswer answer) {
        provider.settings()
                .resourceUri()
                .filter(resource ->
                        !what.equals("token-exchange") && TokenAnswers.isForOthers(answer, resource.toString()))
                .ifPresent(resource -> LOG.write(
                        "Access tokens of provider " + provider.name() + " are not for the resource that was asked for",
                        resource.toString()));
    }

    /**
     * A client that may not exchange tokens may still sign users in, and Keycloak says {@code invalid_client} of an
     * audience that it does not know: what is true of the client, the next refresh finds out.
     */
    private static boolean isOfTheClient(String what, String error) {
        return switch (what) {
            case "token-exchange" -> false;
            case "refresh" -> OF_THE_CLIENT.contains(error) || OF_THE_SETTINGS.contains(error);
            default -> OF_THE_CLIENT.contains(error);
        };
    }

    private static String word(TokenAnswer answer) {
        return answer.fold(
                granted -> "granted",
                Refused::error,
                Ours::error,
                trouble -> "trouble",
                TokenAnswer.Unknown::what,
                Unsent::why);
    }
}
