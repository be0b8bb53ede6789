package dev.latchkey.gateway.listener;

import dev.latchkey.gateway.http.netty.ClientConnection;
import dev.latchkey.gateway.pipeline.matching.PathSegments;
import dev.latchkey.gateway.pipeline.matching.ReservedPaths;
import dev.latchkey.gateway.problem.Problem;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes the connection of a client that takes too long, by {@link ClientWait} and {@link ReadRate}. Both are checked
 * several times within the shortest limit; a timer for each request would have to be set and cancelled each time. It is
 * after the codec; {@link ByteHandler} before it reports bytes.
 */
final class TimeoutHandler extends ChannelDuplexHandler {

    private static final int LOOKS = 4;
    private static final long LONGEST_PERIOD_MILLIS = 1_000;

    private final ClientWait wait;
    private final ReadRate rate;
    private final RequestGuard guard;
    private final ConnectionCount count;
    private final ReservedPaths own;
    private final AnswerDate date;
    private final long period;
    private boolean isInformational;
    private @Nullable ScheduledFuture<?> looks;

    TimeoutHandler(
            ClientWait wait,
            ReadRate rate,
            RequestGuard guard,
            ConnectionCount count,
            ReservedPaths own,
            AnswerDate date,
            long shortestMillis) {
        this.wait = wait;
        this.rate = rate;
        this.guard = guard;
        this.count = count;
        this.own = own;
        this.date = date;
        this.period = period(shortestMillis);
    }

    /** How often to look, in milliseconds. */
    static long period(long shortestMillis) {
        return Math.max(1, Math.min(LONGEST_PERIOD_MILLIS, shortestMillis / LOOKS));
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        looks = context.executor().scheduleAtFixedRate(() -> look(context), period, period, TimeUnit.MILLISECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        stop();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stop();
        context.fireChannelInactive();
    }

    private void stop() {
        if (looks != null) {
            looks.cancel(false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            wait.headCame(context.executor().ticker().nanoTime(), isOwn(request));
        }
        if (message instanceof LastHttpContent) {
            wait.bodyCame();
        }
        context.fireChannelRead(message);
    }

    /** False for requests without a body, which have nothing to wait for. */
    private boolean isOwn(HttpRequest request) {
        boolean hasBody = HttpUtil.isContentLengthSet(request) || HttpUtil.isTransferEncodingChunked(request);
        String target = request.uri();
        int query = target.indexOf('?');
        return hasBody && own.take(PathSegments.of(query < 0 ? target : target.substring(0, query)));
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (message instanceof HttpResponse response) {
            isInformational = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            if (!isInformational) {
                date.addTo(response.headers());
                if (response.status().equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
                    nameUpgrade(response.headers());
                }
            }
            if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
                wait.upgraded();
            }
        }
        if (message instanceof LastHttpContent && !isInformational) {
            wait.answered(context.executor().ticker().nanoTime());
        }
        super.write(context, message, promise);
    }

    /**
     * Who sends {@code Upgrade} names it in {@code Connection} (RFC 9110 section 7.8), which the server, the lane and a
     * stop write anew where the connection ends.
     */
    private static void nameUpgrade(HttpHeaders answer) {
        if (answer.contains(HttpHeaderNames.UPGRADE)
                && !answer.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)) {
            answer.add(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        }
    }

    private void look(ChannelHandlerContext context) {
        long now = context.executor().ticker().nanoTime();
        long unsent = rate.unsent(context.channel());
        if (unsent > 0) {
            wait.answerWaits(now);
        }
        if (rate.isTooLow(now, unsent)) {
            count.closing(Closing.SLOW_READER);
            ClientConnection.reset(context.channel());
            return;
        }
        Optional<Closing> overdue = wait.overdue(now);
        overdue.ifPresent(closing -> end(context, closing));
    }

    private void end(ChannelHandlerContext context, Closing reason) {
        stop();
        count.closing(reason);
        if (reason == Closing.IDLE_TIMEOUT || !guard.refuse(Problem.REQUEST_TIMEOUT)) {
            guard.cut(context);
            return;
        }
        ClientConnection.resetAfterFarewell(context.channel());
    }
}
