package dev.latchkey.gateway.testing;

import static org.awaitility.Awaitility.await;

import com.nimbusds.jwt.SignedJWT;
import dev.latchkey.gateway.testing.CookieJar.SetCookie;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** A client with a cookie jar, as a browser is one; the jar can be copied, put back and looked at. */
public final class Browser {

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final String base;
    private final EndpointPaths paths;
    private CookieJar jar = new CookieJar(Map.of());

    public Browser(String base) {
        this(base, EndpointPaths.DEFAULT);
    }

    /** One for a gateway whose own endpoints are elsewhere. */
    public Browser(String base, EndpointPaths paths) {
        this.base = base;
        this.paths = paths;
    }

    /** A browser with a copy of these cookies. */
    public Browser copy() {
        return at(base);
    }

    /** The same cookies, before another node. */
    public Browser at(String otherBase) {
        Browser copy = new Browser(otherBase, paths);
        copy.jar = new CookieJar(jar.cookies());
        return copy;
    }

    public Map<String, String> jar() {
        return jar.cookies();
    }

    public void putBack(Map<String, String> cookies) {
        jar = new CookieJar(cookies);
    }

    /** The session id that the access cookie names. */
    public String session() {
        try {
            return SignedJWT.parse(jar.cookies().get("latchkey-access"))
                    .getJWTClaimsSet()
                    .getStringClaim("sid");
        } catch (ParseException failure) {
            throw new AssertionError("not a JWT", failure);
        }
    }

    /** Signs in over the form's JSON twin and keeps the cookies. */
    public HttpResponse<String> signIn(String user, String password) {
        String body = "{\"username\":\"%s\",\"password\":\"%s\"}".formatted(user, password);
        return send(request(paths.of(Endpoint.SIGN_IN))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    public HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    /** A person follows a link. */
    public HttpResponse<String> navigate(String path) {
        return send(request(path)
                .header("Sec-Fetch-Mode", "navigate")
                .header("Accept", "text/html")
                .GET());
    }

    /**
     * Waits until its node refuses what is in the jar: a node may hear of a session's end a moment later than the one
     * that ended it.
     */
    public void awaitRefused() {
        awaitRefused("/api/x");
    }

    /** The same at a path of one's own. */
    public void awaitRefused(String path) {
        await().atMost(LIMIT).until(() -> get(path).statusCode() == 401);
    }

    public HttpResponse<String> post(String path) {
        return send(request(path).POST(BodyPublishers.noBody()));
    }

    /** A request with the jar's cookies and the header that a browser adds on its own site. */
    public HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = bare(path).header("Sec-Fetch-Site", "same-origin");
        if (!jar.isEmpty()) {
            request.header("Cookie", cookies());
        }
        return request;
    }

    /** A request without anything of a browser. */
    public HttpRequest.Builder bare(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(20));
    }

    /** Sends and keeps what is set. */
    public HttpResponse<String> send(HttpRequest.Builder request) {
        HttpResponse<String> response = sendOnly(request);
        keep(response);
        return response;
    }

    /** Sends, and the answer is lost on the way back: the jar learns nothing. */
    public HttpResponse<String> sendOnly(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.build(), BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new AssertionError("no answer", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }

    /** Sends without waiting; {@link #keep} the answer when it should land. */
    public CompletableFuture<HttpResponse<String>> sendLater(HttpRequest.Builder request) {
        return CLIENT.sendAsync(request.build(), BodyHandlers.ofString());
    }

    /** What a browser does with {@code Set-Cookie}. */
    public void keep(HttpResponse<?> response) {
        jar.keep(response);
    }

    /** All of an answer but the id that each request has. */
    public static String withoutRequestId(HttpResponse<String> response) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(response.headers().map());
        headers.remove("X-Request-Id");
        return response.statusCode() + " " + headers + " "
                + response.body().replaceAll("\"requestId\":\"[0-9a-f]+\"", "");
    }

    /** Names of the cookies that an answer sets or clears. */
    public static List<String> cookiesOf(HttpResponse<?> response) {
        return CookieJar.set(response).stream().map(SetCookie::name).sorted().toList();
    }

    /** The jar as a browser sends it. */
    public String cookies() {
        return jar.line();
    }
}
