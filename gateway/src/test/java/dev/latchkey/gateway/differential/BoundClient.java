package dev.latchkey.gateway.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.crypto.Sha256;
import dev.latchkey.gateway.proof.TestProofs;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;

/** A client whose access token is bound to a key (RFC 9449); that of the other side has the same key. */
final class BoundClient {

    private static final TestProofs KEY = new TestProofs();
    private static final JsonMapper JSON = new JsonMapper();

    /** Less than tokens and nonces live. */
    private static final Duration FRESH = Duration.ofSeconds(30);

    private final String user;
    private final String base;
    private final String tokenPath;
    private final InstantSource clock;
    private Instant signedIn = Instant.MIN;
    private String nonce = "";
    private String access = "none";
    private String last = "none";

    BoundClient(String user, String base, EndpointPaths paths, InstantSource clock) {
        this.user = user;
        this.base = base;
        this.tokenPath = paths.of(Endpoint.TOKEN);
        this.clock = clock;
    }

    /** Signs in, unless it did a moment ago. */
    void signIn() {
        if (Duration.between(signedIn, clock.instant()).compareTo(FRESH) > 0) {
            // The first answer says the nonce.
            ask();
            HttpResponse<String> answer = ask();
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            access = JSON.readTree(answer.body()).get("accessToken").asString();
            signedIn = clock.instant();
        }
    }

    private HttpResponse<String> ask() {
        Browser sender = new Browser(base);
        HttpRequest.Builder request = sender.bare(tokenPath)
                .header("DPoP", sign(claims("POST", base + tokenPath)))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"username\":\"%s\",\"password\":\"%1$s\"}".formatted(user)));
        HttpResponse<String> answer = sender.sendOnly(request);
        answer.headers().firstValue("DPoP-Nonce").ifPresent(newest -> nonce = newest);
        return answer;
    }

    String access() {
        return access;
    }

    /** A proof of now for one request with its token. */
    String proof(String method, String uri) {
        Map<String, Object> claims = claims(method, uri);
        claims.put("ath", Sha256.base64Url(access));
        last = sign(claims);
        return last;
    }

    /** The proof that was made last. */
    String last() {
        return last;
    }

    private Map<String, Object> claims(String method, String uri) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("htm", method);
        claims.put("htu", uri);
        claims.put("iat", clock.instant().getEpochSecond());
        if (!nonce.isEmpty()) {
            claims.put("nonce", nonce);
        }
        return claims;
    }

    private static String sign(Map<String, Object> claims) {
        return KEY.sign(KEY.headerWithKey("dpop+jwt"), claims);
    }
}
