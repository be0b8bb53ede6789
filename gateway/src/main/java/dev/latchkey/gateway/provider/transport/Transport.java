package dev.latchkey.gateway.provider.transport;

import dev.latchkey.gateway.provider.transport.Sent.Answered;
import dev.latchkey.gateway.provider.transport.Sent.Lost;
import dev.latchkey.gateway.provider.transport.Sent.Unsent;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.AsciiString;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import org.reactivestreams.Publisher;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.ByteBufFlux;
import reactor.netty.NettyOutbound;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/**
 * Sends requests over connections of their own, which are closed after the answer: a connection that is reused may be
 * closed by the server at the moment of sending, and no layer may send a request again that a server may have worked
 * on. Redirects are not followed; an answer over 64 kB counts as lost. What anybody can have it send takes no
 * connection from the rest.
 */
public final class Transport implements AutoCloseable {

    private static final int MOST_BYTES = 64 * 1024;
    private static final int MOST_HEADER_BYTES = 16 * 1024;
    private static final int MOST_CONNECTIONS = 64;
    private static final int MOST_PUSHES = 32;
    private static final int MOST_WAITING = 1024;
    private static final AsciiString FORM = AsciiString.cached("application/x-www-form-urlencoded");
    private static final AsciiString JSON = AsciiString.cached("application/json");

    private final ConnectionProvider connections;
    private final ConnectionProvider pushConnections;
    private final LoopResources loops;
    private final HttpClient client;
    private final HttpClient pushClient;
    private final Scheduler results;

    /** @param results where answers are handed over: what is done with them may take long, and never delays others */
    public Transport(Scheduler results) {
        this.results = results;
        this.connections = connections("latchkey-providers", MOST_CONNECTIONS);
        this.pushConnections = connections("latchkey-providers-pushes", MOST_PUSHES);
        this.loops = LoopResources.create("latchkey-providers", 1, true);
        this.client = client(connections, loops);
        this.pushClient = client(pushConnections, loops);
    }

    private Transport(Transport shared, UnaryOperator<HttpClient> changed) {
        this.results = shared.results;
        this.connections = shared.connections;
        this.pushConnections = shared.pushConnections;
        this.loops = shared.loops;
        this.client = changed.apply(shared.client);
        this.pushClient = changed.apply(shared.pushClient);
    }

    private static ConnectionProvider connections(String name, int most) {
        return ConnectionProvider.builder(name)
                .maxConnections(most)
                .pendingAcquireMaxCount(MOST_WAITING)
                .build();
    }

    private static HttpClient client(ConnectionProvider connections, LoopResources loops) {
        return HttpClient.create(connections)
                .runOn(loops)
                .disableRetry(true)
                .followRedirect(false)
                .keepAlive(false)
                .httpResponseDecoder(spec -> spec.maxHeaderSize(MOST_HEADER_BYTES))
                .doOnConnected(connection -> connection.addHandlerLast(new InterimAnswers()));
    }

    /**
     * The same with this bundle's trust store instead of the platform's, if it has one, and its certificate shown to
     * servers that ask for one. It is closed with this one.
     *
     * @throws IllegalArgumentException if a store cannot be used; its message holds nothing of it
     */
    public Transport secured(SslBundle bundle) {
        try {
            SslOptions options = bundle.getOptions();
            SslContextBuilder builder = SslContextBuilder.forClient()
                    .keyManager(bundle.getManagers().getKeyManagerFactory())
                    .trustManager(bundle.getManagers().getTrustManagerFactory())
                    .endpointIdentificationAlgorithm("HTTPS");
            if (options.getEnabledProtocols() != null) {
                builder.protocols(options.getEnabledProtocols());
            }
            if (options.getCiphers() != null) {
                builder.ciphers(List.of(options.getCiphers()));
            }
            SslContext context = builder.build();
            return new Transport(this, changed -> changed.secure(spec -> spec.sslContext(context)));
        } catch (SSLException | RuntimeException unusable) {
            throw new IllegalArgumentException(
                    "the bundle cannot be used (" + unusable.getClass().getSimpleName() + ")");
        }
    }

    /**
     * Posts a form.
     *
     * @param headers added to it
     * @param within after this it is given up: the whole time, with looking the name up and connecting
     */
    public Mono<Sent> post(URI uri, Map<String, String> headers, String form, Duration within) {
        return send(client, HttpMethod.POST, uri, headers, form, within);
    }

    /** Posts a form that nobody had to be signed in for. */
    public Mono<Sent> push(URI uri, Map<String, String> headers, String form, Duration within) {
        return send(pushClient, HttpMethod.POST, uri, headers, form, within);
    }

    /** Gets a document. */
    public Mono<Sent> get(URI uri, Duration within) {
        return get(uri, Map.of(), within);
    }

    /** Gets a document with these headers. */
    public Mono<Sent> get(URI uri, Map<String, String> headers, Duration within) {
        return send(client, HttpMethod.GET, uri, headers, "", within);
    }

    private Mono<Sent> send(
            HttpClient by, HttpMethod method, URI uri, Map<String, String> headers, String body, Duration within) {
        return Mono.defer(() -> {
            AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITING);
            return by.headers(fields -> add(fields, headers, body))
                    .request(method)
                    .uri(uri)
                    .send((request, outbound) -> body(stage, outbound, body))
                    .response(Transport::answer)
                    .singleOrEmpty()
                    .timeout(within)
                    .switchIfEmpty(Mono.fromSupplier(() -> ended(stage, "no answer")))
                    .onErrorResume(failure -> Mono.just(ended(stage, word(failure))))
                    .publishOn(results);
        });
    }

    private static void add(HttpHeaders fields, Map<String, String> headers, String body) {
        fields.set(HttpHeaderNames.ACCEPT, JSON);
        if (!body.isEmpty()) {
            fields.set(HttpHeaderNames.CONTENT_TYPE, FORM);
            fields.set(HttpHeaderNames.CONTENT_LENGTH, body.length());
        }
        headers.forEach(fields::set);
    }

    /** Called once there is a connection. Nothing is sent for a caller that gave up before then. */
    private static Publisher<Void> body(AtomicReference<Stage> stage, NettyOutbound outbound, String body) {
        if (!stage.compareAndSet(Stage.WAITING, Stage.SENT)) {
            return Mono.error(new TimeoutException());
        }
        return body.isEmpty()
                ? outbound
                : outbound.send(
                        Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body.getBytes(StandardCharsets.US_ASCII))));
    }

    private static Mono<Sent> answer(HttpClientResponse head, ByteBufFlux body) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        return body.asByteArray()
                .<byte[]>handle((piece, sink) -> {
                    if (all.size() + piece.length > MOST_BYTES) {
                        sink.error(new OversizeException());
                    } else {
                        all.writeBytes(piece);
                    }
                })
                .then(Mono.fromSupplier(() -> new Answered(
                        head.status().code(), head.responseHeaders().copy(), all.toString(StandardCharsets.UTF_8))));
    }

    private static Sent ended(AtomicReference<Stage> stage, String how) {
        return stage.compareAndSet(Stage.WAITING, Stage.GIVEN_UP) ? new Unsent(how) : new Lost(how);
    }

    private static String word(Throwable failure) {
        return failure instanceof TimeoutException
                ? "timed out"
                : failure.getClass().getSimpleName();
    }

    @Override
    public void close() {
        connections.dispose();
        pushConnections.dispose();
        loops.dispose();
    }

    /** How far a request has come. */
    private enum Stage {
        WAITING,
        SENT,
        GIVEN_UP
    }

    /** The answer is longer than anything a provider has to say. */
    private static final class OversizeException extends Exception {

        private static final long serialVersionUID = 1L;

        OversizeException() {
            super("too long", null, false, false);
        }
    }
}
