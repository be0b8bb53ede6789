package dev.latchkey.gateway.lane;

import dev.latchkey.gateway.forwarder.BackendFailure;
import dev.latchkey.gateway.http.netty.NettyHeaderFields;
import dev.latchkey.gateway.pipeline.authorization.AuthorizationMeters;
import dev.latchkey.gateway.pipeline.backend.BrokenAnswers;
import dev.latchkey.gateway.pipeline.backend.EarlyHints;
import dev.latchkey.gateway.pipeline.connections.SessionLifetimeGuard;
import dev.latchkey.gateway.pipeline.crosssite.CrossOriginAccess;
import dev.latchkey.gateway.pipeline.forwarding.ResponseHead;
import dev.latchkey.gateway.shutdown.Drain;
import dev.latchkey.gateway.token.AccessClaims;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;

/** What clients of the lane get, and what is counted of it: the same as in the chain. */
@Component
final class LaneAnswers {

    private final ResponseHead head;
    private final CrossOriginAccess trustedOrigins;
    private final SessionLifetimeGuard lifetimes;
    private final AuthorizationMeters authorizations;
    private final BrokenAnswers broken;
    private final Drain drain;
    private final EarlyHints hints;
    private final Counter taken;

    LaneAnswers(
            ResponseHead head,
            CrossOriginAccess trustedOrigins,
            SessionLifetimeGuard lifetimes,
            AuthorizationMeters authorizations,
            BrokenAnswers broken,
            Drain drain,
            EarlyHints hints,
            MeterRegistry registry) {
        this.head = head;
        this.trustedOrigins = trustedOrigins;
        this.lifetimes = lifetimes;
        this.authorizations = authorizations;
        this.broken = broken;
        this.drain = drain;
        this.hints = hints;
        this.taken = Counter.builder("latchkey.lane.requests")
                .description("Requests that were forwarded before the filter chain")
                .register(registry);
    }

    /** Whether connections are to end with their answers. */
    boolean isStopping() {
        return drain.hasBegun();
    }

    /** Turns the head that a backend sent into the client's. */
    void complete(LaneRequest request, int status, HttpHeaders answer) {
        NettyHeaderFields fields = new NettyHeaderFields(answer);
        head.cleanFinal(status, fields, request.settings().rewrite().response(), caller(request));
        trustedOrigins.describe(request.head(), fields);
        request.settings().answers().apply(request.head(), fields);
    }

    /** The fields behind the body, for a client that gets chunks. */
    void completeTrailers(LaneRequest request, HttpHeaders trailers) {
        ResponseHead.cleanTrailers(
                new NettyHeaderFields(trailers), request.settings().rewrite().response());
    }

    /** The request was forwarded, and its backend has answered. */
    void count(LaneRequest request) {
        taken.increment();
        request.route().count();
        authorizations.count(request.decision().outcome());
    }

    /** Calls back if a stream of events has to end before its backend ends it. */
    Disposable watch(LaneRequest request, Runnable end) {
        return lifetimes.watch(
                request.decision().identity().caller(), request.route().rule().roles(), end);
    }

    /** The backend broke its answer off, and the client must not take what came for all of it. */
    void broken(LaneRequest request, BackendFailure failure, Channel client) {
        broken.broken(request.route().entry().id(), failure, client);
    }

    /** What a client gets of an interim answer; null if that is nothing. */
    @Nullable
    FullHttpResponse interim(LaneRequest request, HttpResponse interim) {
        return hints.of(interim, request.settings().rewrite().response(), caller(request));
    }

    private static Optional<AccessClaims> caller(LaneRequest request) {
        return request.decision().identity().caller();
    }
}
