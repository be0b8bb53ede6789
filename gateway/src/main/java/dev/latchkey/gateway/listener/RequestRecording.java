package dev.latchkey.gateway.listener;

import dev.latchkey.gateway.http.netty.ClientConnection;
import dev.latchkey.gateway.http.netty.NettyRequestHead;
import dev.latchkey.gateway.pipeline.client.ClientAddress;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.telemetry.RequestIds;
import dev.latchkey.gateway.telemetry.RequestObservers;
import dev.latchkey.gateway.telemetry.RequestRecord;
import dev.latchkey.gateway.telemetry.TraceContext;
import dev.latchkey.gateway.telemetry.TraceParents;
import dev.latchkey.gateway.telemetry.accesslog.AccessLogProperties;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What is noted of each request where it enters, and who is told of its end. */
@Component
final class RequestRecording {

    private final RequestObservers observers;
    private final RequestIds ids;
    private final TraceParents traces;
    private final ClientAddress addresses;
    private final boolean needsAddress;

    RequestRecording(
            RequestObservers observers,
            RequestIds ids,
            TraceParents traces,
            ClientAddress addresses,
            AccessLogProperties accessLog) {
        this.observers = observers;
        this.ids = ids;
        this.traces = traces;
        this.addresses = addresses;
        this.needsAddress = accessLog.isOn() && accessLog.clientAddress();
    }

    /** Whether there is anything to note; otherwise no request gets a record. */
    boolean isNeeded() {
        return !observers.isEmpty() || ids.areEnabled() || traces.areEnabled();
    }

    /** Whether the other end may name requests and their traces. */
    boolean isTrusted(Channel channel) {
        return ClientConnection.addressOf(channel)
                .filter(addresses::isTrustedProxy)
                .isPresent();
    }

    /** The record of a request whose head has been read, which names it to its backend from here. */
    RequestRecord begun(HttpRequest request, Channel channel, boolean isTrusted) {
        RequestRecord begun = new RequestRecord(request, System.nanoTime());
        HttpHeaders fields = request.headers();
        TraceContext trace = traces.areEnabled() ? traces.begin(fields, isTrusted) : null;
        String id = ids.areEnabled() ? ids.assign(fields, isTrusted) : null;
        begun.identify(id, trace, needsAddress ? addressOf(request, channel, isTrusted) : null);
        return begun;
    }

    /** The record of what is refused on this connection, even if no head could be read; null if nobody asks for it. */
    @Nullable
    RequestRecord refused(Channel channel, Problem problem) {
        if (!isNeeded()) {
            return null;
        }
        RequestRecord refused = RequestRecord.of(channel);
        if (refused == null) {
            refused = new RequestRecord(null, System.nanoTime());
            refused.identify(ids.areEnabled() ? ids.next() : null, null, needsAddress ? peer(channel) : null);
            channel.attr(RequestRecord.CURRENT).set(refused);
        }
        refused.problem(problem.name(), problem.status());
        return refused;
    }

    private @Nullable String addressOf(HttpRequest request, Channel channel, boolean isTrusted) {
        return isTrusted ? addresses.of(new NettyRequestHead(request, ClientConnection.of(channel))) : peer(channel);
    }

    private static @Nullable String peer(Channel channel) {
        return ClientConnection.addressOf(channel).map(NetUtil::toAddressString).orElse(null);
    }

    /** The head of the answer leaves. */
    void answering(RequestRecord request, int status, HttpHeaders answer) {
        request.begun(status, System.nanoTime());
        String id = request.id();
        if (id != null) {
            ids.tell(id, answer);
        }
    }

    /** Nothing more happens to it. */
    void ended(RequestRecord request, boolean isWhole) {
        request.ended(System.nanoTime(), isWhole);
        observers.ended(request);
    }
}
