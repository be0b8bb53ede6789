package dev.latchkey.gateway.testing;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import dev.latchkey.gateway.testing.StrictGrants.Reply;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.ssl.SslContext;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real OpenID Provider on a real socket, as strict as they come: PKCE with S256, exact redirect URIs, codes that
 * count once, refresh tokens that rotate and whose family dies when one comes twice, and of which one that is revoked
 * ends all of its client and session. It signs in whom the test names, without asking, and goes wrong when the test
 * says so. Its client is {@value #CLIENT} with the secret {@value #SECRET}; the client {@value #NATIVE} is public.
 */
public final class StrictProvider implements AutoCloseable {

    public static final String CLIENT = "latchkey";
    public static final String SECRET = "secret of the client: ä+/% and more of it";
    public static final String NATIVE = "latchkey-native";

    private final Map<String, Queue<ProviderTrouble>> next = new ConcurrentHashMap<>();
    private final Map<String, ProviderTrouble> always = new ConcurrentHashMap<>();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Map<String, Object> changed = new ConcurrentHashMap<>();
    private final String scheme;
    private final DisposableServer server;
    private final StrictGrants grants;

    public StrictProvider() {
        this(InstantSource.system());
    }

    /** @param clock by which its tokens begin and end */
    public StrictProvider(InstantSource clock) {
        this(clock, 0);
    }

    /** @param port a fixed one, for a provider that comes back; 0 for any */
    public StrictProvider(InstantSource clock, int port) {
        this("http", HttpServer.create().host("127.0.0.1").port(port), clock);
    }

    /** One that speaks TLS, at all addresses of this machine. */
    public static StrictProvider secured(InstantSource clock, SslContext tls) {
        return new StrictProvider("https", HttpServer.create().port(0).secure(spec -> spec.sslContext(tls)), clock);
    }

    private StrictProvider(String scheme, HttpServer server, InstantSource clock) {
        this.scheme = scheme;
        this.server = server.handle(this::take).bindNow(Duration.ofSeconds(30));
        this.grants = new StrictGrants(issuer().toString(), clock);
    }

    public URI issuer() {
        return URI.create(scheme + "://127.0.0.1:" + server.port());
    }

    /** Signs this user in here, as of now: each authorization request is granted to them without asking. */
    public void signIn(String sub, Map<String, Object> claims) {
        grants.signIn(sub, claims);
    }

    /** Ends the user's session here; {@code prompt=none} is refused then, and refresh tokens are void. */
    public void signOut() {
        grants.signOut();
    }

    /** Lets redirects go there. */
    public void register(URI redirect) {
        grants.register(redirect.toString());
    }

    /** Knows the client by this key, too (RFC 7523). */
    public void register(JWK clientKey) {
        grants.clients().register(clientKey.toPublicJWK());
    }

    /** What it is asked to do differently from now on. */
    public void behave(Consumer<ProviderBehaviour> change) {
        change.accept(grants.behaviour());
    }

    /** What its user info endpoint says of whom an access token is for, beside their {@code sub}. */
    public void userInfo(Map<String, Object> claims) {
        grants.behaviour().userInfo(claims);
    }

    /** Replaces a member of the metadata; an empty text takes it out. */
    public void metadata(String name, Object value) {
        changed.put(name, value);
    }

    /** From now on another key signs; the old one leaves the JWKS. */
    public void rollKey() {
        grants.signer().roll();
    }

    /** The same, and the new key is named like the old one. */
    public void rollKeyUnseen() {
        grants.signer().rollUnseen();
    }

    /** The name of the key that signs now. */
    public String keyId() {
        return grants.signer().keyId();
    }

    /** A token of this provider's, signed with its key, with exactly these claims and this header. */
    public String sign(JWSHeader header, Map<String, Object> claims) {
        return grants.signer().sign(header, claims);
    }

    /** A token of this provider's, signed with its key, with exactly these claims. */
    public String sign(Map<String, Object> claims, String type) {
        return grants.signer().sign(claims, type);
    }

    /** A token signed by this provider with another algorithm: {@code none}, or HS256 by its client's secret. */
    public String signOtherwise(Map<String, Object> claims, JWSAlgorithm algorithm) {
        return grants.signer().signOtherwise(claims, algorithm);
    }

    /** The claims that it puts into an ID token of the user who is signed in. */
    public Map<String, Object> idTokenClaims(String nonce) {
        return grants.idTokenClaims(CLIENT, Optional.of(nonce));
    }

    /** A logout token (OpenID Connect Back-Channel Logout section 2.4) for the session of the user who is signed in. */
    public String logoutToken() {
        return sign(logoutClaims(), "logout+jwt");
    }

    /** The claims of one, to be changed. */
    public Map<String, Object> logoutClaims() {
        return grants.logoutClaims();
    }

    /** The next request to this path goes wrong so; several in order. */
    public void next(String path, ProviderTrouble trouble) {
        next.computeIfAbsent(path, unused -> new ConcurrentLinkedQueue<>()).add(trouble);
    }

    /** All requests to this path go wrong so. */
    public void always(String path, ProviderTrouble trouble) {
        always.put(path, trouble);
    }

    /** Nothing goes wrong any more. */
    public void heal() {
        next.clear();
        always.clear();
    }

    /** All that came in, in order. */
    public List<Received> received() {
        return received;
    }

    /** What came to this path, in order. */
    public List<Received> received(String path) {
        return received.stream().filter(request -> request.path.equals(path)).toList();
    }

    /** How many token requests came in with this grant type. */
    public long tokenRequests(String grantType) {
        return received("/token").stream()
                .filter(request -> grantType.equals(request.form.get("grant_type")))
                .count();
    }

    /** How many of them came with a refresh token that had been used up. */
    public int reused() {
        return grants.reused();
    }

    /** Whether this refresh token would be granted now. */
    public boolean isGood(String refreshToken) {
        return grants.isGood(refreshToken);
    }

    private Publisher<Void> take(HttpServerRequest request, HttpServerResponse response) {
        return request.receive()
                .aggregate()
                .asString(StandardCharsets.UTF_8)
                .defaultIfEmpty("")
                .publishOn(Schedulers.boundedElastic())
                .flatMap(body -> answer(arrived(request, body), response));
    }

    private Received arrived(HttpServerRequest request, String body) {
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        Map<String, String> form = new LinkedHashMap<>();
        boolean isForm = request.method().name().equals("POST");
        Map<String, List<String>> parameters =
                isForm ? new QueryStringDecoder(body, StandardCharsets.UTF_8, false).parameters() : uri.parameters();
        parameters.forEach((name, values) -> form.put(name, values.get(0)));
        Received arrival = new Received(
                uri.path(), Map.copyOf(form), request.requestHeaders().copy());
        received.add(arrival);
        return arrival;
    }

    private Mono<Void> answer(Received request, HttpServerResponse response) {
        Queue<ProviderTrouble> queue = next.get(request.path);
        ProviderTrouble once = queue == null ? null : queue.poll();
        ProviderTrouble trouble = once == null ? always.get(request.path) : once;
        if (trouble == null) {
            return send(reply(request), response);
        }
        Mono<Reply> work = trouble.works()
                ? Mono.fromCallable(() -> reply(request))
                : Mono.just(new Reply(trouble.status(), trouble.headers(), trouble.body()));
        return Mono.delay(trouble.before(), Schedulers.boundedElastic())
                .then(work)
                .delayElement(trouble.after(), Schedulers.boundedElastic())
                .flatMap(reply -> switch (trouble.answer()) {
                    case CLOSED -> close(response);
                    case ENDLESS -> endless(reply, response);
                    default -> send(reply, response);
                });
    }

    private static Mono<Void> close(HttpServerResponse response) {
        return Mono.create(sink -> response.withConnection(connection -> {
            var unused = connection.channel().close();
            sink.success();
        }));
    }

    private static Mono<Void> endless(Reply reply, HttpServerResponse response) {
        byte[] piece = reply.body().getBytes(StandardCharsets.UTF_8);
        reply.headers().forEach(response::header);
        return response.status(reply.status())
                .send(Flux.generate(sink -> sink.next(Unpooled.wrappedBuffer(piece))))
                .then();
    }

    private static Mono<Void> send(Reply reply, HttpServerResponse response) {
        reply.headers().forEach(response::header);
        return response.status(reply.status())
                .sendString(Mono.just(reply.body()))
                .then();
    }

    private Reply reply(Received request) {
        return switch (request.path) {
            case "/.well-known/openid-configuration" -> Reply.json(200, metadata());
            case "/jwks" -> Reply.json(200, grants.signer().publicKeys());
            case "/authorize" -> grants.authorize(request.form);
            case "/par" -> grants.push(request);
            case "/token" -> grants.token(request);
            case "/revoke" -> grants.revoke(request);
            case "/userinfo" -> grants.userInfo(request);
            case "/logout" -> grants.endSession(request.form);
            default -> new Reply(404, Map.of("Content-Type", "text/html"), "<h1>not here</h1>");
        };
    }

    private Map<String, Object> metadata() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("issuer", issuer().toString());
        all.put("authorization_endpoint", issuer() + "/authorize");
        all.put("token_endpoint", issuer() + "/token");
        all.put("jwks_uri", issuer() + "/jwks");
        all.put("pushed_authorization_request_endpoint", issuer() + "/par");
        all.put("revocation_endpoint", issuer() + "/revoke");
        all.put("userinfo_endpoint", issuer() + "/userinfo");
        all.put("end_session_endpoint", issuer() + "/logout");
        all.put("response_types_supported", List.of("code"));
        all.put(
                "grant_types_supported",
                List.of("authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:token-exchange"));
        all.put("subject_types_supported", List.of("public"));
        all.put("id_token_signing_alg_values_supported", List.of("RS256"));
        all.put("code_challenge_methods_supported", List.of("S256"));
        all.put("dpop_signing_alg_values_supported", List.of("ES256"));
        all.put(
                "token_endpoint_auth_methods_supported",
                List.of("client_secret_basic", "client_secret_post", "private_key_jwt"));
        all.put("authorization_response_iss_parameter_supported", true);
        all.put("backchannel_logout_supported", true);
        all.putAll(changed);
        all.values().removeIf(""::equals);
        return all;
    }

    @Override
    public void close() {
        server.disposeNow(Duration.ofSeconds(10));
    }

    static String json(Object value) {
        return JsonMapper.shared().writeValueAsString(value);
    }

    /**
     * One request as it arrived.
     *
     * @param form its parameters: of the body, or of the query of a GET
     */
    public record Received(String path, Map<String, String> form, HttpHeaders headers) {}
}
