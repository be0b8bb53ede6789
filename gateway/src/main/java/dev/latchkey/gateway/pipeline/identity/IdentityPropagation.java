package dev.latchkey.gateway.pipeline.identity;

import dev.latchkey.gateway.cache.SingleFlight;
import dev.latchkey.gateway.exchange.OutboundIdentity;
import dev.latchkey.gateway.keys.IdentityTokenSigner;
import dev.latchkey.gateway.pipeline.authorization.Relay;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Audience;
import dev.latchkey.gateway.token.IdentityToken;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.TokenHeaders;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * How a backend learns who is calling. Where a signature is quick, whoever asks makes it; else threads for that make
 * it, and requests of one session that come at the same time share one.
 */
@Component
public final class IdentityPropagation implements DisposableBean {

    private static final String UNRESERVED = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final int MOST_WAITING = 10_000;
    private static final int IDLE_SECONDS = 60;

    private final IdentityTokenSigner signer;
    private final IdentityTokens tokens;
    private final SingleFlight<Key, IdentityToken> inFlight = new SingleFlight<>();
    private final Scheduler signing;

    @Autowired
    IdentityPropagation(IdentityTokenSigner signer, IdentityTokens tokens) {
        this(signer, tokens, Runtime.getRuntime().availableProcessors(), MOST_WAITING);
    }

    IdentityPropagation(IdentityTokenSigner signer, IdentityTokens tokens, int threads, int mostWaiting) {
        this.signer = signer;
        this.tokens = tokens;
        this.signing = Schedulers.newBoundedElastic(
                threads, Math.max(1, mostWaiting / threads), "latchkey-signatures", IDLE_SECONDS, true);
    }

    /**
     * As whom a user's request leaves for this audience; empty if a signature is needed that this thread must not make.
     */
    public Optional<OutboundIdentity> atOnce(AccessClaims caller, Audience audience, Relay relay) {
        if (relay != Relay.IDENTITY) {
            return Optional.of(plain(caller, relay));
        }
        Optional<IdentityToken> known = tokens.find(caller, audience);
        if (known.isPresent()) {
            return Optional.of(identified(caller, known));
        }
        return signer.isQuick()
                ? Optional.of(identified(caller, Optional.of(tokens.sign(caller, audience))))
                : Optional.empty();
    }

    /**
     * As whom a user's request leaves for this audience.
     *
     * @return fails with {@link java.util.concurrent.RejectedExecutionException} if too many signatures are waited for
     */
    public Mono<OutboundIdentity> of(AccessClaims caller, Audience audience, Relay relay) {
        return atOnce(caller, audience, relay)
                .map(Mono::just)
                .orElseGet(() -> inFlight.share(
                                new Key(caller.session(), caller.roles(), audience), () -> signed(caller, audience))
                        .map(token -> identified(caller, Optional.of(token))));
    }

    private Mono<IdentityToken> signed(AccessClaims caller, Audience audience) {
        return Mono.fromCallable(() -> tokens.sign(caller, audience))
                .subscribeOn(signing)
                .publishOn(Schedulers.parallel());
    }

    private static OutboundIdentity identified(AccessClaims caller, Optional<IdentityToken> token) {
        return new OutboundIdentity(Optional.of(caller), token, Map.of(), false);
    }

    private static OutboundIdentity plain(AccessClaims caller, Relay relay) {
        Map<String, String> headers = relay == Relay.HEADERS ? headers(caller) : Map.of();
        return new OutboundIdentity(Optional.of(caller), Optional.empty(), headers, false);
    }

    @Override
    public void destroy() {
        signing.dispose();
    }

    /** Percent-encoded as UTF-8 (RFC 3986 section 2.1): no name can end a header, or pass for two roles. */
    private static Map<String, String> headers(AccessClaims caller) {
        String roles = caller.roles().names().stream()
                .map(IdentityPropagation::encoded)
                .collect(Collectors.joining(","));
        return Map.of(
                TokenHeaders.SUBJECT, encoded(caller.subject().value()),
                TokenHeaders.ROLES, roles,
                TokenHeaders.SESSION, caller.session().publicId().value());
    }

    private static String encoded(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (one & 0xff);
            if (UNRESERVED.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.toHexDigits(one));
            }
        }
        return encoded.toString();
    }

    private record Key(SessionId session, Roles roles, Audience audience) {}
}
