package dev.latchkey.gateway.http.netty;

import dev.latchkey.gateway.http.HeaderFields;
import dev.latchkey.gateway.http.Peer;
import dev.latchkey.gateway.http.RequestHead;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The head of a request of Netty's, which knows neither its peer nor whether the connection uses TLS. */
public final class NettyRequestHead implements RequestHead {

    private final String method;
    private final String version;
    private final String path;
    private final @Nullable String query;
    private final HeaderFields fields;
    private final ClientConnection connection;

    /** @param request with a target in origin form */
    public NettyRequestHead(HttpRequest request, ClientConnection connection) {
        this.method = request.method().name();
        this.version = ClientConnection.version(request.protocolVersion(), connection.isHttp2());
        String target = request.uri();
        int question = target.indexOf('?');
        this.path = question < 0 ? target : target.substring(0, question);
        this.query = question < 0 ? null : target.substring(question + 1);
        this.fields = new NettyHeaderFields(request.headers());
        this.connection = connection;
    }

    @Override
    public String method() {
        return method;
    }

    /** The version of HTTP, such as {@code 1.1} or {@code 2.0}. */
    public String version() {
        return version;
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
    public Optional<Peer> peer() {
        return connection.peer();
    }

    @Override
    public boolean isSecure() {
        return connection.isSecure();
    }
}
