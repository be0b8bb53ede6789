package dev.latchkey.gateway.pipeline.backend;

import dev.latchkey.gateway.http.netty.NettyHeaderFields;
import dev.latchkey.gateway.pipeline.forwarding.HeaderChanges;
import dev.latchkey.gateway.pipeline.forwarding.Trailers;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * A request as its backend gets it.
 *
 * @param client the request that it is made of
 * @param changes that the route makes
 */
record BackendRequest(ServerHttpRequest client, HttpRequest head, boolean hasBody, HeaderChanges changes) {

    /** Whether the client waits for an interim answer before it sends the body (RFC 9110 section 10.1.1). */
    boolean expectsContinue() {
        return hasBody && HttpUtil.is100ContinueExpected(head);
    }

    /**
     * The body, if there is one, with the trailers that come on the client's connection.
     *
     * @param context what it is read in; asked for only where there is a body, because each operator of the chain is
     *     asked
     */
    @Nullable
    Upload upload(EventLoop loop, Channel connection, Supplier<ContextView> context) {
        return hasBody ? new Upload(loop, client.getBody(), () -> end(connection), Context.of(context.get())) : null;
    }

    private LastHttpContent end(Channel connection) {
        HttpHeaders trailers = RequestTrailers.of(connection);
        if (trailers.isEmpty()) {
            return LastHttpContent.EMPTY_LAST_CONTENT;
        }
        Trailers.clean(new NettyHeaderFields(trailers), changes);
        return new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER, trailers);
    }
}
