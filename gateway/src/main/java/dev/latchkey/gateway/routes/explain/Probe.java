package dev.latchkey.gateway.routes.explain;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.util.CollectionUtils;
import org.springframework.util.MultiValueMap;
import reactor.core.publisher.Flux;

/** A made-up request, to ask which route matches it. */
public final class Probe extends AbstractServerHttpRequest {

    public Probe(HttpMethod method, URI uri, HttpHeaders headers) {
        super(method, uri, "", headers);
    }

    @Override
    protected MultiValueMap<String, HttpCookie> initCookies() {
        return CollectionUtils.toMultiValueMap(Map.of());
    }

    @Override
    protected @Nullable SslInfo initSslInfo() {
        return null;
    }

    @Override
    public InetSocketAddress getRemoteAddress() {
        return new InetSocketAddress("localhost", 0);
    }

    /** As the framework declares it. */
    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals")
    public <T> T getNativeRequest() {
        throw new UnsupportedOperationException("the request is not a real one");
    }

    @Override
    public Flux<DataBuffer> getBody() {
        return Flux.empty();
    }
}
