package dev.latchkey.gateway.listener;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Spells all header lines of one name alike (RFC 9110 section 5.1: case does not matter). Where the framework copies
 * headers, it would copy the lines of a name once for each of its spellings.
 */
@Sharable
final class SpellingHandler extends ChannelInboundHandlerAdapter {

    static final SpellingHandler HANDLER = new SpellingHandler();

    private SpellingHandler() {}

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            unite(request.headers());
        }
        context.fireChannelRead(message);
    }

    private static void unite(HttpHeaders headers) {
        Set<String> names = headers.names();
        NavigableSet<String> first = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        first.addAll(names);
        if (first.size() < names.size()) {
            List<Map.Entry<String, String>> lines = headers.entries();
            headers.clear();
            lines.forEach(line -> headers.add(first.ceiling(line.getKey()), line.getValue()));
        }
    }
}
