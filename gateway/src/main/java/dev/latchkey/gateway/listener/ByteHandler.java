package dev.latchkey.gateway.listener;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reports bytes, or frames of HTTP/2, to {@link ClientWait} and {@link ReadRate}; it is before the codec. */
final class ByteHandler extends ChannelDuplexHandler {

    private static final Pattern ORIGIN = Pattern.compile("(?i)\\nOrigin:[ \\t]*([\\x21-\\x7e]{1,255})[ \\t]*\\r?\\n");

    /** To its empty line; others may stand before it. */
    private static final Pattern HEAD = Pattern.compile("\\s*+.*?\\n\\r?\\n", Pattern.DOTALL);

    private final ClientWait wait;
    private final ReadRate rate;
    private ByteBuf current = Unpooled.EMPTY_BUFFER;
    private int from;
    private int end;
    private boolean hasRequestEnded;
    private Optional<String> earlier = Optional.empty();

    ByteHandler(ClientWait wait, ReadRate rate) {
        this.wait = wait;
        this.rate = rate;
    }

    @Override
    public void read(ChannelHandlerContext context) {
        wait.readWanted(context.executor().ticker());
        context.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        long now = context.executor().ticker().nanoTime();
        wait.bytesCame();
        hasRequestEnded = false;
        if (message instanceof ByteBuf bytes) {
            current = bytes.retain();
            from = bytes.readerIndex();
            end = bytes.writerIndex();
        }
        if (!(message instanceof ByteBuf) || isNextBegun()) {
            wait.headBegan(now);
        }
        try {
            context.fireChannelRead(message);
        } finally {
            if (hasRequestEnded && isNextBegun()) {
                wait.headBegan(now);
            }
            earlier = wait.isInHead() ? origin() : Optional.empty();
            ReferenceCountUtil.release(current);
            current = Unpooled.EMPTY_BUFFER;
            from = 0;
            end = 0;
        }
    }

    /**
     * Something other than empty lines stands behind the last request that was complete; known only as {@link #from}.
     */
    private boolean isNextBegun() {
        int at = from;
        while (at < end && (current.getByte(at) == '\r' || current.getByte(at) == '\n')) {
            at++;
        }
        return at < end;
    }

    /** A request is complete; what the codec has not read by now is the next one's, if it reads from these bytes. */
    void requestEnded() {
        hasRequestEnded = true;
        earlier = Optional.empty();
        from = current.isReadable() ? current.readerIndex() : end;
    }

    /**
     * The {@code Origin} in the part of a head that has arrived, if it comes too late or the codec gave it up before
     * that line; empty where it could be that of another request.
     */
    Optional<String> origin() {
        return earlier.or(this::originInCurrent);
    }

    private Optional<String> originInCurrent() {
        String text = current.toString(from, end - from, StandardCharsets.ISO_8859_1);
        Matcher head = HEAD.matcher(text);
        Matcher line = ORIGIN.matcher(head.lookingAt() ? head.group() : text);
        return line.find() ? Optional.of(line.group(1)) : Optional.empty();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (message instanceof ByteBuf bytes) {
            rate.wrote(bytes.readableBytes());
        } else if (message instanceof ByteBufHolder frame) {
            rate.wrote(frame.content().readableBytes());
        }
        super.write(context, message, promise);
    }
}
