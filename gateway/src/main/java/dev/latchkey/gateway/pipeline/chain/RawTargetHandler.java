package dev.latchkey.gateway.pipeline.chain;

import dev.latchkey.gateway.pipeline.paths.RawTarget;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;
import reactor.netty.http.client.HttpClient;

/** Sends a backend the target as it came if that is not a URI; the HTTP client itself accepts only URIs. */
@Component
@Sharable
final class RawTargetHandler extends ChannelOutboundHandlerAdapter implements HttpClientCustomizer {

    @Override
    public HttpClient customize(HttpClient client) {
        return client.doOnChannelInit((observer, channel, remote) ->
                channel.pipeline().addBefore(NettyPipeline.ReactiveBridge, "latchkey.raw-target", this));
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (message instanceof HttpRequest request) {
            String target = request.headers().get(RawTarget.HEADER);
            if (target != null) {
                request.headers().remove(RawTarget.HEADER);
                request.setUri(target);
            }
        }
        super.write(context, message, promise);
    }
}
