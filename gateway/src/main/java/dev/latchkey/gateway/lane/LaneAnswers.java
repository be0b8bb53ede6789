package dev.latchkey.gateway.lane;

import dev.latchkey.gateway.forwarder.BackendFailure;
import dev.latchkey.gateway.http.netty.ClientConnection;
import dev.latchkey.gateway.http.netty.NettyHeaderFields;
import dev.latchkey.gateway.pipeline.authorization.AuthorizationMeters;
import dev.latchkey.gateway.pipeline.backend.BrokenAnswers;
import dev.latchkey.gateway.pipeline.backend.EarlyHints;
import dev.latchkey.gateway.pipeline.connections.SessionLifetimeGuard;
import dev.latchkey.gateway.pipeline.crosssite.CrossOriginAccess;
import dev.latchkey.gateway.pipeline.forwarding.HeaderChanges;
import dev.latchkey.gateway.pipeline.forwarding.ResponseHead;
import dev.latchkey.gateway.pipeline.forwarding.Trailers;
import dev.latchkey.gateway.shutdown.Drain;
import dev.latchkey.gateway.token.AccessClaims;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;

/** Makes the answers of the lane, by the rules by which the chain makes its own. */
@Component
final class LaneAnswers {

    private final ResponseHead rules;
    private final CrossOriginAccess trustedOrigins;
    private final SessionLifetimeGuard lifetimes;
    private final AuthorizationMeters authorizations;
    private final BrokenAnswers broken;
    private final Drain drain;
    private final EarlyHints earlyHints;
    private final Counter taken;

    LaneAnswers(
            ResponseHead rules,
            CrossOriginAccess trustedOrigins,
            SessionLifetimeGuard lifetimes,
            AuthorizationMeters authorizations,
            BrokenAnswers broken,
            Drain drain,
            EarlyHints earlyHints,
            MeterRegistry registry) {
        this.rules = rules;
        this.trustedOrigins = trustedOrigins;
        this.lifetimes = lifetimes;
        this.authorizations = authorizations;
        this.broken = broken;
        this.drain = drain;
        this.earlyHints = earlyHints;
        this.taken = Counter.builder("latchkey.lane.requests")
                .description("Requests that were forwarded before the filter chain")
                .register(registry);
    }

    LaneAnswer to(ChannelHandlerContext client, LaneRequest request) {
        return new LaneAnswer(client, request);
    }

    /**
     * The answer to one request, as its client gets it. Head and last part are held until all is passed on that was
     * read with them: where the answer ends there, that is one message with them, which costs less than two. Only for
     * the event loop of its connection.
     */
    final class LaneAnswer {

        private final ChannelHandlerContext client;
        private final LaneRequest request;
        private final boolean isKeptAlive;
        private int hints;
        private boolean hasBegun;
        private boolean hasLength;
        private boolean isLast;
        private @Nullable HttpResponse held;
        private @Nullable ByteBuf heldPart;
        private @Nullable ChannelFuture end;
        private @Nullable Disposable lifetime;

        private LaneAnswer(ChannelHandlerContext client, LaneRequest request) {
            this.client = client;
            this.request = request;
            this.isKeptAlive = HttpUtil.isKeepAlive(request.message());
        }

        void interim(HttpResponse head) {
            FullHttpResponse passed = hints < EarlyHints.MOST ? earlyHints.of(head, changes(), caller()) : null;
            if (passed != null) {
                hints++;
                var unused = client.writeAndFlush(passed, client.voidPromise());
            }
        }

        /**
         * Takes its head, which is changed for its client.
         *
         * @param mayStay whether the connection may go on after it, if its client agrees
         */
        void begin(HttpResponse head, boolean mayStay) {
            isLast = !mayStay || !isKeptAlive || drain.hasBegun();
            HttpHeaders fields = head.headers();
            complete(head.status().code(), fields);
            // The words behind a status mean nothing (RFC 9112 section 4): they are the usual ones, as in the chain.
            head.setStatus(HttpResponseStatus.valueOf(head.status().code()));
            head.setProtocolVersion(HttpVersion.HTTP_1_1);
            if (hasBodyOfUnknownLength(head)) {
                HttpUtil.setTransferEncodingChunked(head, true);
            }
            HttpUtil.setKeepAlive(head, !isLast);
            hasLength = HttpUtil.isContentLengthSet(head);
            hasBegun = true;
            held = head;
            count();
        }

        /** What the client may see of what the backend sent, and what the gateway and the route add. */
        private void complete(int status, HttpHeaders fields) {
            NettyHeaderFields lines = new NettyHeaderFields(fields);
            rules.cleanFinal(status, lines, changes(), caller());
            trustedOrigins.describe(request.head(), lines);
            request.settings().answers().apply(request.head(), lines);
        }

        private void count() {
            taken.increment();
            request.route().count();
            authorizations.count(request.decision().outcome());
        }

        private HeaderChanges changes() {
            return request.settings().rewrite().response();
        }

        private Optional<AccessClaims> caller() {
            return request.decision().identity().caller();
        }

        /** @param end is called if it has to end before its backend ends it */
        void watch(Runnable end) {
            lifetime = lifetimes.watch(caller(), request.route().rule().roles(), end);
        }

        /** RFC 9112 section 6.3: neither a length nor one of the cases in which there is no body. */
        private boolean hasBodyOfUnknownLength(HttpResponse answer) {
            int status = answer.status().code();
            return !HttpUtil.isContentLengthSet(answer)
                    && status != 204
                    && status != 304
                    && !request.head().method().equals("HEAD");
        }

        boolean hasBegun() {
            return hasBegun;
        }

        /** Whether there is more of it, and room for that. */
        boolean isAccepted() {
            return hasBegun && end == null && client.channel().isWritable();
        }

        void content(ByteBuf part) {
            passHeld();
            heldPart = part;
        }

        void flush() {
            passHeld();
            client.flush();
        }

        /** It does not end with that. */
        private void passHeld() {
            HttpResponse head = held;
            ByteBuf part = heldPart;
            held = null;
            heldPart = null;
            if (head != null) {
                var unused = client.write(head, client.voidPromise());
            }
            if (part != null) {
                var unused = client.write(new DefaultHttpContent(part), client.voidPromise());
            }
        }

        void end(HttpHeaders trailers) {
            LastHttpContent last = LastHttpContent.EMPTY_LAST_CONTENT;
            if (!trailers.isEmpty()) {
                last = new DefaultLastHttpContent();
                Trailers.clean(new NettyHeaderFields(trailers), changes());
                last.trailingHeaders().set(trailers);
            }
            end(last);
        }

        /**
         * Ends it as if its backend had ended it, unless its length says that it goes on: then its client's connection.
         */
        void endEarly() {
            if (hasLength) {
                breakOff();
            } else {
                end(LastHttpContent.EMPTY_LAST_CONTENT);
            }
        }

        private void end(LastHttpContent last) {
            stopWatch();
            HttpResponse head = held;
            ByteBuf part = heldPart;
            if (last != LastHttpContent.EMPTY_LAST_CONTENT) {
                passHeld();
                end = client.writeAndFlush(last);
            } else if (part != null) {
                heldPart = null;
                end = client.writeAndFlush(new DefaultLastHttpContent(part, EmptyHttpHeaders.INSTANCE));
            } else if (head != null) {
                held = null;
                end = client.writeAndFlush(whole(head));
            } else {
                end = client.writeAndFlush(last);
            }
        }

        private static FullHttpResponse whole(HttpResponse head) {
            return new DefaultFullHttpResponse(
                    head.protocolVersion(),
                    head.status(),
                    Unpooled.EMPTY_BUFFER,
                    head.headers(),
                    EmptyHttpHeaders.INSTANCE);
        }

        /** What completes when the client's side has all of it; null before its end. */
        @Nullable
        ChannelFuture end() {
            return end;
        }

        /** Whether the connection ends with it. */
        boolean isLast() {
            return isLast;
        }

        /** Its backend has broken it off. */
        void failed(BackendFailure failure) {
            stopWatch();
            passHeld();
            broken.broken(request.route().entry().id(), failure, client.channel());
        }

        /** No more of it comes, and its client must not take what came for all of it. */
        void breakOff() {
            stopWatch();
            ClientConnection.reset(client.channel());
        }

        /** Its client has left: nothing more is to happen to it. A request that has no answer yet counts, too. */
        void release() {
            if (!hasBegun) {
                count();
            }
            stopWatch();
            ReferenceCountUtil.release(heldPart);
            held = null;
            heldPart = null;
        }

        private void stopWatch() {
            if (lifetime != null) {
                lifetime.dispose();
            }
        }
    }
}
