package dev.latchkey.gateway.pipeline.connections;

import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.http.EventStream;
import dev.latchkey.gateway.pipeline.authorization.AccessRule;
import dev.latchkey.gateway.pipeline.authorization.RequiredRoles;
import dev.latchkey.gateway.pipeline.backend.SocketLifetime;
import dev.latchkey.gateway.pipeline.chain.RouteMetadata;
import dev.latchkey.gateway.shutdown.Drain;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.SessionProperties;
import dev.latchkey.gateway.tunnel.Tunnel;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Ends connections that would outlive their session: server-sent events and WebSockets are closed when it is revoked
 * and at its absolute end, and those of a session that is bound to a device with the access token that opened them,
 * which may be a copy. All those that would outlive the node end while it drains.
 */
@Component
public final class SessionLifetimeGuard implements SocketLifetime {

    private final LiveConnections connections;
    private final Denylist denylist;
    private final Drain drain;
    private final SessionProperties sessions;
    private final InstantSource clock;

    SessionLifetimeGuard(
            LiveConnections connections,
            Denylist denylist,
            Drain drain,
            SessionProperties sessions,
            InstantSource clock) {
        this.connections = connections;
        this.denylist = denylist;
        this.drain = drain;
        this.sessions = sessions;
        this.clock = clock;
    }

    /** Forwards, and ends a stream of events with its session, or with the node. */
    public Mono<Void> limit(ServerWebExchange exchange, Mono<Void> forwarding) {
        Sinks.Empty<Void> over = Sinks.empty();
        Disposable.Swap watch = Disposables.swap();
        ServerHttpResponse response = exchange.getResponse();
        response.beforeCommit(() -> Mono.fromRunnable(() -> {
            if (EventStream.isTypeOf(response.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE))) {
                watch.update(Mono.firstWithSignal(endOf(exchange), drain.endOfConnection())
                        .subscribe(null, null, over::tryEmitEmpty));
            }
        }));
        return forwarding.takeUntilOther(over.asMono()).doFinally(signal -> watch.dispose());
    }

    /**
     * Calls back once when a stream of events has to end before its backend ends it.
     *
     * @param caller whose session it is
     * @param end called on any thread
     * @return what stops watching
     */
    public Disposable watch(Optional<AccessClaims> caller, RequiredRoles required, Runnable end) {
        return Mono.firstWithSignal(endOf(caller, required), drain.endOfConnection())
                .subscribe(null, null, end);
    }

    @Override
    public Mono<Integer> endOfSocket(ServerWebExchange exchange) {
        return Mono.firstWithSignal(
                endOf(exchange).thenReturn(Tunnel.POLICY_VIOLATION),
                drain.endOfConnection().thenReturn(Tunnel.GOING_AWAY));
    }

    /** Completes when the session of the caller ends; never if no one is signed in. */
    private Mono<Void> endOf(ServerWebExchange exchange) {
        RequiredRoles required =
                AccessRule.of(RouteMetadata.of(exchange)).map(AccessRule::roles).orElse(RequiredRoles.NONE);
        return endOf(ExchangeAttribute.identityOf(exchange).caller(), required);
    }

    private Mono<Void> endOf(Optional<AccessClaims> caller, RequiredRoles required) {
        return caller.map(known -> endOf(known, required)).orElseGet(Mono::never);
    }

    private Mono<Void> endOf(AccessClaims caller, RequiredRoles required) {
        Instant end = caller.deviceBound() ? caller.expiresAt() : sessions.latestEnd(caller);
        Mono<Long> expiry = Mono.delay(Duration.between(clock.instant(), end));
        return Mono.firstWithSignal(
                connections.revocationOf(caller, required), wasRevoked(caller, required), expiry.then());
    }

    /** A session that was revoked between the check of its token and its registration here would not be found. */
    private Mono<Void> wasRevoked(AccessClaims caller, RequiredRoles required) {
        return Mono.defer(() -> denylist.isRevoked(caller.subject(), caller.session(), caller.authTime())
                        || !required.areHeldBy(denylist.remaining(caller.subject(), caller.roles()))
                ? Mono.empty()
                : Mono.never());
    }
}
