package dev.latchkey.gateway.testing;

import dev.latchkey.gateway.crypto.Sha256;
import dev.latchkey.gateway.proof.ProofKey;
import dev.latchkey.gateway.proof.TestProofs;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client without cookies that holds a key (RFC 9449), and keeps tokens and the newest nonce. */
public final class DpopClient {

    private static final JsonMapper JSON = new JsonMapper();

    private final String base;
    private final InstantSource clock;
    private final TestProofs key = new TestProofs();
    private final Browser sender;
    private String nonce = "";
    private String access = "";
    private String refresh = "";

    public DpopClient(String base, InstantSource clock) {
        this.base = base;
        this.clock = clock;
        this.sender = new Browser(base);
    }

    /** Signs in, with the nonce that the first answer gave. */
    public HttpResponse<String> signIn(String user) {
        String body = "{\"username\":\"%s\",\"password\":\"%s\"}".formatted(user, user);
        return tokens("/auth/token", body);
    }

    public HttpResponse<String> refresh() {
        return tokens("/auth/refresh", "{\"refreshToken\":\"" + refresh + "\"}");
    }

    private HttpResponse<String> tokens(String path, String body) {
        HttpResponse<String> answer = post(path, body);
        if (answer.statusCode() == 400 && answer.body().contains("use_dpop_nonce")) {
            answer = post(path, body);
        }
        if (answer.statusCode() == 200) {
            JsonNode tokens = JSON.readTree(answer.body());
            access = tokens.get("accessToken").asString();
            refresh = tokens.get("refreshToken").asString();
        }
        return answer;
    }

    /** Once, with a proof of now. */
    public HttpResponse<String> post(String path, String body) {
        return send(request(path)
                .header("DPoP", sign(claims("POST", path)))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    /** As a client does: with a proof, and once more if a nonce is asked for. */
    public HttpResponse<String> get(String path) {
        HttpResponse<String> answer = get(path, sign(withToken("GET", path)));
        boolean isAsked =
                answer.headers().firstValue("WWW-Authenticate").orElse("").contains("use_dpop_nonce");
        return isAsked ? get(path, sign(withToken("GET", path))) : answer;
    }

    /** With this proof. */
    public HttpResponse<String> get(String path, String proof) {
        return send(request(path)
                .header("Authorization", "DPoP " + access)
                .header("DPoP", proof)
                .GET());
    }

    public HttpRequest.Builder request(String path) {
        return sender.bare(path);
    }

    public HttpResponse<String> send(HttpRequest.Builder request) {
        HttpResponse<String> answer = sender.sendOnly(request);
        answer.headers().firstValue("DPoP-Nonce").ifPresent(newest -> nonce = newest);
        answer.headers().firstValue("Latchkey-Access-Token").ifPresent(newest -> access = newest);
        answer.headers().firstValue("Latchkey-Refresh-Token").ifPresent(newest -> refresh = newest);
        return answer;
    }

    /** What a proof for a request says now. */
    public Map<String, Object> claims(String method, String path) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("htm", method);
        claims.put("htu", base + path);
        claims.put("iat", clock.instant().getEpochSecond());
        if (!nonce.isEmpty()) {
            claims.put("nonce", nonce);
        }
        return claims;
    }

    /** The same with the access token's hash. */
    public Map<String, Object> withToken(String method, String path) {
        Map<String, Object> claims = claims(method, path);
        claims.put("ath", Sha256.base64Url(access));
        return claims;
    }

    public String sign(Map<String, Object> claims) {
        return key.sign(key.headerWithKey("dpop+jwt"), claims);
    }

    public TestProofs key() {
        return key;
    }

    /** Of its key (RFC 7638). */
    public String thumbprint() {
        return ProofKey.ofJwk(JSON.valueToTree(key.jwk())).orElseThrow().thumbprint();
    }

    public String access() {
        return access;
    }

    public String refreshToken() {
        return refresh;
    }

    public String nonce() {
        return nonce;
    }
}
