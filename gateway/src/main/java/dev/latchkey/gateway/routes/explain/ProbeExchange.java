package dev.latchkey.gateway.routes.explain;

import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.adapter.DefaultServerWebExchange;
import org.springframework.web.server.i18n.AcceptHeaderLocaleContextResolver;
import reactor.core.publisher.Mono;

/** What a matcher looks at, around a request that nobody sent and nobody answers. */
final class ProbeExchange {

    private static final ServerCodecConfigurer CODECS = ServerCodecConfigurer.create();
    private static final AcceptHeaderLocaleContextResolver LOCALES = new AcceptHeaderLocaleContextResolver();

    private ProbeExchange() {}

    static ServerWebExchange of(Probe request) {
        return new DefaultServerWebExchange(request, new NoResponse(), exchange -> Mono.empty(), CODECS, LOCALES);
    }

    private static final class NoResponse extends AbstractServerHttpResponse {

        NoResponse() {
            super(DefaultDataBufferFactory.sharedInstance);
        }

        /** As the framework declares it. */
        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals")
        public <T> T getNativeResponse() {
            throw new UnsupportedOperationException("nobody gets it");
        }

        @Override
        protected Mono<Void> writeWithInternal(Publisher<? extends DataBuffer> body) {
            return Mono.empty();
        }

        @Override
        protected Mono<Void> writeAndFlushWithInternal(Publisher<? extends Publisher<? extends DataBuffer>> body) {
            return Mono.empty();
        }

        @Override
        protected void applyStatusCode() {
            // Nobody reads it.
        }

        @Override
        protected void applyHeaders() {
            // Nobody reads them.
        }

        @Override
        protected void applyCookies() {
            // Nobody reads them.
        }
    }
}
