package dev.latchkey.gateway.listener.http2;

import dev.latchkey.gateway.listener.http2.StreamHeads.MalformedException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.HttpConversionUtil;
import io.netty.util.ReferenceCountUtil;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP messages of one stream (RFC 9113 section 8.1), in the place that the codec of HTTP/1.1 has on a connection:
 * what stands behind it is the same there and here. A stream that is closed before the end of its answer was sent is
 * reset with an error; one whose answer is complete before its request, without one.
 */
public final class StreamCodec extends ChannelDuplexHandler {

    private static final Set<Integer> WITHOUT_CONTENT = Set.of(204, 205, 304);

    private final StreamHeads heads;
    private boolean hasBegun;
    private boolean isToHead;
    private boolean isRequestWhole;
    private boolean isReset;

    /**
     * Done when the end of the answer has been sent, which may have to wait for a window; null before it is written.
     */
    private @Nullable ChannelFuture end;

    /** The head of an answer without content, held until that is whole: it is sent with the end of the stream. */
    private @Nullable Http2Headers held;

    /**
     * @param longestLine most characters of method and target
     * @param largestHead most characters of all other fields
     */
    public StreamCodec(int longestLine, int largestHead) {
        this.heads = new StreamHeads(longestLine, largestHead);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Http2DataFrame data) {
            isRequestWhole = data.isEndStream();
            context.fireChannelRead(
                    isRequestWhole
                            ? new DefaultLastHttpContent(data.content())
                            : new DefaultHttpContent(data.content()));
        } else if (message instanceof Http2HeadersFrame head) {
            try {
                read(context, head);
            } catch (MalformedException malformed) {
                reset(context, Http2Error.PROTOCOL_ERROR);
            }
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void read(ChannelHandlerContext context, Http2HeadersFrame head) throws MalformedException {
        isRequestWhole = head.isEndStream();
        if (hasBegun) {
            DefaultLastHttpContent end = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
            StreamHeads.trailers(head.headers(), end.trailingHeaders());
            context.fireChannelRead(end);
            return;
        }
        hasBegun = true;
        HttpRequest request = heads.request(head.headers(), isRequestWhole);
        isToHead = request.method().equals(HttpMethod.HEAD);
        context.fireChannelRead(request);
        if (isRequestWhole) {
            context.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response) {
            write(context, response, promise);
        } else if (message instanceof LastHttpContent last) {
            end(context, last, promise);
        } else if (message instanceof HttpContent part) {
            data(context, part.content(), promise);
        } else if (message instanceof ByteBuf bytes) {
            data(context, bytes, promise);
        } else {
            var unused = context.write(message, promise);
        }
    }

    private void write(ChannelHandlerContext context, HttpResponse response, ChannelPromise promise) {
        boolean isInterim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        boolean isBodiless = !isInterim
                && (isToHead || WITHOUT_CONTENT.contains(response.status().code()));
        if (isBodiless) {
            stateLength(response);
        }
        Http2Headers head = HttpConversionUtil.toHttp2Headers(response, false);
        if (isInterim) {
            ReferenceCountUtil.release(response);
            var unused = context.write(new DefaultHttp2HeadersFrame(head, false), promise);
        } else if (isEmpty(response) || (isBodiless && response instanceof FullHttpResponse)) {
            ReferenceCountUtil.release(response);
            ended(context, context.write(new DefaultHttp2HeadersFrame(head, true), promise.unvoid()));
        } else if (isBodiless) {
            held = head;
            promise.trySuccess();
        } else if (response instanceof FullHttpResponse full) {
            var unused = context.write(new DefaultHttp2HeadersFrame(head, false));
            end(context, full, promise);
        } else {
            var unused = context.write(new DefaultHttp2HeadersFrame(head, false), promise);
        }
    }

    private static boolean isEmpty(HttpResponse response) {
        return response instanceof FullHttpResponse full
                && !full.content().isReadable()
                && full.trailingHeaders().isEmpty();
    }

    /**
     * What must have no content has none, even if some was written: as in HTTP/1.1 (RFC 9110 sections 6.4.1 and 8.6).
     */
    private static void stateLength(HttpResponse response) {
        int status = response.status().code();
        if (status == HttpResponseStatus.NO_CONTENT.code()) {
            response.headers().remove(HttpHeaderNames.CONTENT_LENGTH);
        } else if (status == HttpResponseStatus.RESET_CONTENT.code()) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
        }
    }

    private void data(ChannelHandlerContext context, ByteBuf bytes, ChannelPromise promise) {
        if (bytes.isReadable() && held == null) {
            var unused = context.write(new DefaultHttp2DataFrame(bytes), promise);
        } else {
            bytes.release();
            promise.trySuccess();
        }
    }

    private void end(ChannelHandlerContext context, LastHttpContent last, ChannelPromise promise) {
        ChannelPromise written = promise.unvoid();
        if (held != null) {
            last.release();
            ended(context, context.write(new DefaultHttp2HeadersFrame(held, true), written));
            held = null;
            return;
        }
        if (last.trailingHeaders().isEmpty()) {
            ended(context, context.write(new DefaultHttp2DataFrame(last.content(), true), written));
            return;
        }
        data(context, last.content(), context.newPromise());
        Http2Headers trailers = HttpConversionUtil.toHttp2Headers(last.trailingHeaders(), false);
        ended(context, context.write(new DefaultHttp2HeadersFrame(trailers, true), written));
    }

    /** The client need not send the rest of a request that is answered (RFC 9113 section 8.1). */
    private void ended(ChannelHandlerContext context, ChannelFuture written) {
        end = written;
        if (!isRequestWhole) {
            written.addListener(done -> {
                if (done.isSuccess() && !isRequestWhole) {
                    reset(context, Http2Error.NO_ERROR);
                }
            });
        }
    }

    private void reset(ChannelHandlerContext context, Http2Error why) {
        if (!isReset && context.channel().isActive()) {
            isReset = true;
            var unusedWrite = context.writeAndFlush(new DefaultHttp2ResetFrame(why));
            var unused = context.close();
        }
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        boolean isAnswerSent = end != null && end.isSuccess();
        if (!isAnswerSent || !isRequestWhole) {
            reset(context, isAnswerSent ? Http2Error.NO_ERROR : Http2Error.INTERNAL_ERROR);
        }
        var unused = context.close(promise);
    }

    /** What was sent before and not read yet would keep a stream open that its client has reset. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof Http2ResetFrame) {
            isReset = true;
            context.executor().execute(() -> {
                var unused = context.close();
            });
        } else {
            context.fireUserEventTriggered(event);
        }
    }
}
