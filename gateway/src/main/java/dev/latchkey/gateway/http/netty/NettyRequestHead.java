package dev.latchkey.gateway.http.netty;

import dev.latchkey.gateway.http.HeaderFields;
import dev.latchkey.gateway.http.RequestHead;
import io.netty.handler.codec.http.HttpRequest;
import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The head of a request of Netty's, which knows neither its peer nor whether the connection uses TLS. */
public final class NettyRequestHead implements RequestHead {

    private final String method;
    private final String path;
    private final @Nullable String query;
    private final HeaderFields fields;
    private final Optional<InetAddress> peer;
    private final boolean secure;

    /** @param request with a target in origin form */
    public NettyRequestHead(HttpRequest request, Optional<InetAddress> peer, boolean secure) {
        this.method = request.method().name();
        String target = request.uri();
        int question = target.indexOf('?');
        this.path = question < 0 ? target : target.substring(0, question);
        this.query = question < 0 ? null : target.substring(question + 1);
        this.fields = new NettyHeaderFields(request.headers());
        this.peer = peer;
        this.secure = secure;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public @Nullable String query() {
        return query;
    }

    @Override
    public HeaderFields fields() {
        return fields;
    }

    @Override
    public Optional<InetAddress> peer() {
        return peer;
    }

    @Override
    public boolean isSecure() {
        return secure;
    }
}
