package dev.latchkey.gateway.lane;

import dev.latchkey.gateway.forwarder.BackendExchange;
import dev.latchkey.gateway.forwarder.BackendListener;
import dev.latchkey.gateway.forwarder.Endpoint;
import dev.latchkey.gateway.forwarder.Forwarder;
import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.http.netty.ClientConnection;
import dev.latchkey.gateway.http.netty.NettyHeaderFields;
import dev.latchkey.gateway.http.netty.NettyRequestHead;
import dev.latchkey.gateway.pipeline.backend.ConnectionFields;
import dev.latchkey.gateway.pipeline.backend.Endpoints;
import dev.latchkey.gateway.pipeline.decision.Decider;
import dev.latchkey.gateway.pipeline.decision.RequestDecision.Forward;
import dev.latchkey.gateway.pipeline.forwarding.OutboundHead;
import dev.latchkey.gateway.pipeline.forwarding.Via;
import dev.latchkey.gateway.pipeline.paths.RawPath;
import dev.latchkey.gateway.pipeline.paths.RawTarget;
import dev.latchkey.gateway.pipeline.rotation.Rotation;
import dev.latchkey.gateway.routes.definition.action.Rewrite;
import dev.latchkey.gateway.routes.table.ActiveRoute;
import dev.latchkey.gateway.routes.table.LaneRoute;
import dev.latchkey.gateway.routes.table.LiveRoutes;
import dev.latchkey.gateway.routes.upstream.Targets.Target;
import dev.latchkey.gateway.telemetry.RequestRecord;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Decides which requests take the short way, and sends them to their backends. */
@Component
final class Lane {

    /** The codec has validated what a client sends, and what the gateway adds is valid. */
    private static final HttpHeadersFactory VALID =
            DefaultHttpHeadersFactory.headersFactory().withValidation(false);

    private final LiveRoutes routes;
    private final Decider decider;
    private final OutboundHead outbound;
    private final Forwarder forwarder;
    private final Endpoints endpoints;
    private final Rotation rotation;
    private final LaneAnswers answers;

    Lane(
            LiveRoutes routes,
            Decider decider,
            OutboundHead outbound,
            Forwarder forwarder,
            Endpoints endpoints,
            Rotation rotation,
            LaneAnswers answers) {
        this.routes = routes;
        this.decider = decider;
        this.outbound = outbound;
        this.forwarder = forwarder;
        this.endpoints = endpoints;
        this.rotation = rotation;
        this.answers = answers;
    }

    LaneAnswers answers() {
        return answers;
    }

    /**
     * Takes a request if it can be forwarded without waiting; null otherwise, and then nothing has happened.
     *
     * @param client on which it came
     * @param record what is known of it; null if nobody asks for it
     */
    @Nullable
    LaneRequest take(ClientConnection client, HttpRequest message, @Nullable RequestRecord record) {
        if (!isPlain(message)) {
            return null;
        }
        NettyRequestHead head = new NettyRequestHead(message, client);
        if (!isClear(head) || Via.isLoop(head.fields())) {
            return null;
        }
        ActiveRoute route = routes.find(head).orElse(null);
        return route == null || route.lane().isEmpty()
                ? null
                : take(record, message, head, route, route.lane().get());
    }

    private static boolean isClear(RequestHead head) {
        return RawPath.isUnambiguous(head.path())
                && RawPath.isDecodedOnce(head.path())
                && !RawTarget.hasRawPath(head.fields());
    }

    private @Nullable LaneRequest take(
            @Nullable RequestRecord record,
            HttpRequest message,
            NettyRequestHead head,
            ActiveRoute route,
            LaneRoute settings) {
        String target = target(head, settings);
        if (target == null || !settings.maxBody().allows(HttpUtil.getContentLength(message, -1L))) {
            return null;
        }
        if (!(decider.decide(head, route.rule()) instanceof Forward decision)) {
            return null;
        }
        Target backend = settings.targets().next(Set.of()).orElse(null);
        if (backend == null) {
            return null;
        }
        if (decision.confirmed().isPresent()) {
            rotation.confirm(decision.confirmed().get());
        }
        if (record != null) {
            record.takenByLane(route.entry().id());
            record.identified(decision.identity().caller());
        }
        return new LaneRequest(message, head, route, settings, backend, target, decision, record);
    }

    /** Path and query as the backend gets them; null if the route cannot rewrite them, or not without the chain. */
    private static @Nullable String target(RequestHead head, LaneRoute settings) {
        boolean isRaw = head.fields().contains(RawTarget.HEADER);
        if (settings.rewrite().changesTarget()) {
            return isRaw ? null : rewritten(head, settings.rewrite());
        }
        String path = head.path();
        if (isRaw) {
            return RawTarget.toBackend(head.fields(), path).orElse(null);
        }
        return head.query() == null ? path : path + "?" + head.query();
    }

    private static @Nullable String rewritten(RequestHead head, Rewrite rewrite) {
        String query = rewrite.addQuery().applied(head.query());
        return rewrite.path()
                .applied(head.path())
                .map(path -> query == null ? path : path + "?" + query)
                .orElse(null);
    }

    /** What belongs to HTTP/1.0, asks for another protocol, or may be a preflight or go no further is the chain's. */
    private static boolean isPlain(HttpRequest message) {
        return message.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && !message.method().equals(HttpMethod.OPTIONS)
                && !message.headers().contains(HttpHeaderNames.UPGRADE);
    }

    /** Sends the head; the body follows. */
    BackendExchange send(EventLoop loop, LaneRequest request, BackendListener listener) {
        Endpoint endpoint = endpoints.of(
                request.backend().address(),
                request.backend().found(),
                request.settings().sslBundle().orElse(null));
        HttpRequest message = request.message();
        HttpHeaders fields = fields(request, endpoint);
        boolean hasBody = ConnectionFields.frame(
                HttpUtil.isTransferEncodingChunked(message), HttpUtil.getContentLength(message, -1L), fields);
        HttpRequest head = hasBody
                ? new DefaultHttpRequest(HttpVersion.HTTP_1_1, message.method(), request.target(), fields)
                : Forwarder.whole(message.method(), request.target(), fields);
        request.sent();
        return forwarder.send(loop, endpoint, head, hasBody, request.settings().limits(), listener);
    }

    private HttpHeaders fields(LaneRequest request, Endpoint endpoint) {
        NettyRequestHead head = request.head();
        Rewrite rewrite = request.settings().rewrite();
        HttpHeaders fields = VALID.newHeaders();
        String host = rewrite.host().instead(head.fields().first("Host"));
        fields.add(HttpHeaderNames.HOST, host == null ? endpoint.authority() : host);
        NettyHeaderFields lines = new NettyHeaderFields(fields);
        outbound.write(
                head,
                rewrite.request(),
                request.decision().identity(),
                rewrite.path().prefix(head.path()),
                lines);
        Via.add(head.version(), lines);
        ConnectionFields.askForTrailers(head, fields);
        return fields;
    }
}
