package dev.latchkey.gateway.testing;

import dev.latchkey.gateway.crypto.Sha256;
import dev.latchkey.gateway.testing.StrictClients.Proof;
import dev.latchkey.gateway.testing.StrictProvider.Received;
import io.netty.handler.codec.http.QueryStringEncoder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Codes, refresh tokens and their families at {@link StrictProvider}; one request is worked on at a time. */
final class StrictGrants {

    static final String NONCE = "nonce-of-the-server";

    private final StrictSigner signer = new StrictSigner();
    private final ProviderBehaviour behaviour = new ProviderBehaviour();
    private final StrictClients clients;
    private final StrictUserInfo userInfo;
    private final Set<String> redirects = ConcurrentHashMap.newKeySet();
    private final AtomicInteger reused = new AtomicInteger();
    private final String issuer;
    private final InstantSource clock;
    private final Map<String, Grant> codes = new ConcurrentHashMap<>();
    private final Map<String, Grant> refreshTokens = new ConcurrentHashMap<>();
    private final Map<String, Map<String, String>> pushed = new ConcurrentHashMap<>();
    private volatile Optional<SignedIn> user = Optional.empty();

    StrictGrants(String issuer, InstantSource clock) {
        this.issuer = issuer;
        this.clock = clock;
        this.clients = new StrictClients(issuer);
        this.userInfo = new StrictUserInfo(issuer);
    }

    StrictSigner signer() {
        return signer;
    }

    ProviderBehaviour behaviour() {
        return behaviour;
    }

    StrictClients clients() {
        return clients;
    }

    void register(String redirect) {
        redirects.add(redirect);
    }

    int reused() {
        return reused.get();
    }

    void signIn(String sub, Map<String, Object> claims) {
        user = Optional.of(new SignedIn(sub, claims, "sid-" + UUID.randomUUID(), clock.instant()));
    }

    synchronized void signOut() {
        user.ifPresent(gone -> refreshTokens.values().stream()
                .filter(grant -> grant.user.sid.equals(gone.sid))
                .forEach(grant -> grant.isDead = true));
        user = Optional.empty();
    }

    boolean isGood(String refreshToken) {
        Grant grant = refreshTokens.get(refreshToken);
        return grant != null && !grant.isDead && grant.newest.equals(refreshToken);
    }

    synchronized Reply push(Received request) {
        if (clients.authenticated(request).isEmpty()) {
            return Reply.error(401, "invalid_client");
        }
        String uri = "urn:ietf:params:oauth:request_uri:" + UUID.randomUUID();
        pushed.put(uri, request.form());
        return Reply.json(201, Map.of("request_uri", uri, "expires_in", 60));
    }

    synchronized Reply authorize(Map<String, String> query) {
        String uri = query.get("request_uri");
        if (uri == null && behaviour.requiresPushed()) {
            return Reply.error(400, "invalid_request");
        }
        Map<String, String> asked = uri == null ? query : pushed.remove(uri);
        if (asked == null || !redirects.contains(asked.getOrDefault("redirect_uri", ""))) {
            return Reply.error(400, "invalid_request");
        }
        boolean isWhole = "code".equals(asked.get("response_type"))
                && "S256".equals(asked.get("code_challenge_method"))
                && asked.containsKey("code_challenge")
                && asked.containsKey("nonce")
                && List.of(asked.getOrDefault("scope", "").split(" ", -1)).contains("openid")
                && Set.of(StrictProvider.CLIENT, StrictProvider.NATIVE).contains(asked.get("client_id"));
        if (!isWhole) {
            return redirect(asked, Map.of("error", "invalid_request"));
        }
        if (user.isEmpty()) {
            String error = "none".equals(asked.get("prompt")) ? "login_required" : "access_denied";
            return redirect(asked, Map.of("error", error));
        }
        return granted(asked, user.get());
    }

    private Reply granted(Map<String, String> asked, SignedIn signedIn) {
        SignedIn present = signedIn;
        String maxAge = asked.get("max_age");
        boolean isStale =
                maxAge != null && clock.instant().isAfter(present.authTime.plusSeconds(Long.parseLong(maxAge)));
        if (isStale || "login".equals(asked.get("prompt"))) {
            if ("none".equals(asked.get("prompt"))) {
                return redirect(asked, Map.of("error", "login_required"));
            }
            present = new SignedIn(present.sub, present.claims, present.sid, clock.instant());
            user = Optional.of(present);
        }
        String code = "code-" + UUID.randomUUID();
        codes.put(code, new Grant(present, asked));
        return redirect(asked, Map.of("code", code));
    }

    private Reply redirect(Map<String, String> asked, Map<String, String> parameters) {
        QueryStringEncoder location = new QueryStringEncoder(asked.get("redirect_uri"));
        parameters.forEach(location::addParam);
        if (asked.containsKey("state")) {
            location.addParam("state", asked.get("state"));
        }
        location.addParam("iss", issuer);
        return new Reply(302, Map.of("Location", location.toString()), "");
    }

    synchronized Reply token(Received request) {
        Optional<String> client = clients.authenticated(request);
        if (client.isEmpty()) {
            return Reply.error(401, "invalid_client");
        }
        Proof proof = clients.proof(
                request, client.get(), behaviour.requiresDpopNonce() ? Optional.of(NONCE) : Optional.empty());
        if (proof.error().isPresent()) {
            return new Reply(
                    400,
                    Map.of("Content-Type", "application/json", "DPoP-Nonce", NONCE),
                    StrictProvider.json(Map.of("error", proof.error().get())));
        }
        return switch (request.form().getOrDefault("grant_type", "")) {
            case "authorization_code" -> exchange(request.form(), client.get(), proof);
            case "refresh_token" -> refresh(request.form(), client.get(), proof);
            case "urn:ietf:params:oauth:grant-type:token-exchange" -> exchangeToken(request.form());
            default -> Reply.error(400, "unsupported_grant_type");
        };
    }

    private Reply exchange(Map<String, String> form, String client, Proof proof) {
        Grant grant = codes.get(form.getOrDefault("code", ""));
        boolean isGood = grant != null
                && client.equals(grant.asked.get("client_id"))
                && grant.asked.get("redirect_uri").equals(form.get("redirect_uri"))
                && Sha256.base64Url(form.getOrDefault("code_verifier", "")).equals(grant.asked.get("code_challenge"));
        if (grant != null && grant.isExchanged) {
            grant.isDead = true;
        }
        if (!isGood || grant.isExchanged) {
            return Reply.error(400, "invalid_grant");
        }
        grant.isExchanged = true;
        grant.key = proof.key();
        return tokens(grant, true);
    }

    private Reply refresh(Map<String, String> form, String client, Proof proof) {
        String presented = form.getOrDefault("refresh_token", "");
        Grant grant = refreshTokens.get(presented);
        if (grant == null || !client.equals(grant.asked.get("client_id"))) {
            return Reply.error(400, "invalid_grant");
        }
        if (!grant.newest.equals(presented)) {
            reused.incrementAndGet();
            grant.isDead = true;
        }
        if (grant.isDead || (grant.key.isPresent() && !grant.key.equals(proof.key()))) {
            return Reply.error(400, "invalid_grant");
        }
        return tokens(grant, behaviour.refreshesIdToken());
    }

    private Reply tokens(Grant grant, boolean withIdToken) {
        Map<String, Object> answer = new LinkedHashMap<>();
        String accessToken = accessToken(grant.user.sub, StrictProvider.CLIENT);
        userInfo.issued(accessToken, grant.user.sub, grant.key);
        answer.put("access_token", accessToken);
        answer.put("token_type", grant.key.isPresent() ? "DPoP" : "Bearer");
        answer.put("scope", grant.asked.get("scope"));
        if (behaviour.saysLifetime()) {
            answer.put("expires_in", behaviour.lifetime().toSeconds());
        }
        if (grant.newest.isEmpty() || behaviour.rotates()) {
            grant.newest = "refresh-" + UUID.randomUUID();
            refreshTokens.put(grant.newest, grant);
            answer.put("refresh_token", grant.newest);
        }
        if (withIdToken) {
            String client = grant.asked.get("client_id");
            Map<String, Object> claims = claims(grant.user, client, Optional.ofNullable(grant.asked.get("nonce")));
            Optional.ofNullable(grant.asked.get("acr_values"))
                    .ifPresent(values -> claims.putIfAbsent(
                            "acr", List.of(values.split(" ", -1)).get(0)));
            answer.put("id_token", signer.sign(changed(claims), "JWT"));
        }
        return Reply.json(200, answer);
    }

    private String accessToken(String sub, String audience) {
        Instant now = clock.instant();
        return signer.sign(
                Map.of(
                        "iss",
                        issuer,
                        "sub",
                        sub,
                        "aud",
                        audience,
                        "iat",
                        now.getEpochSecond(),
                        "exp",
                        now.plus(behaviour.lifetime()).getEpochSecond(),
                        "jti",
                        UUID.randomUUID().toString()),
                "at+jwt");
    }

    private Reply exchangeToken(Map<String, String> form) {
        String audience = form.getOrDefault("audience", form.getOrDefault("resource", ""));
        if (user.isEmpty()
                || audience.isEmpty()
                || form.getOrDefault("subject_token", "").isEmpty()) {
            return Reply.error(400, "invalid_request");
        }
        return Reply.json(
                200,
                Map.of(
                        "access_token",
                        accessToken(user.get().sub, audience),
                        "issued_token_type",
                        "urn:ietf:params:oauth:token-type:access_token",
                        "token_type",
                        "Bearer",
                        "expires_in",
                        behaviour.lifetime().toSeconds()));
    }

    synchronized Reply revoke(Received request) {
        if (clients.authenticated(request).isEmpty()) {
            return Reply.error(401, "invalid_client");
        }
        Grant grant = refreshTokens.get(request.form().getOrDefault("token", ""));
        if (grant != null) {
            refreshTokens.values().stream()
                    .filter(other -> other.isBesides(grant))
                    .forEach(other -> other.isDead = true);
        }
        return new Reply(200, Map.of(), "");
    }

    Reply userInfo(Received request) {
        return userInfo.answer(request, behaviour.userInfo());
    }

    Reply endSession(Map<String, String> query) {
        signOut();
        String back = query.get("post_logout_redirect_uri");
        return back != null && redirects.contains(back)
                ? new Reply(302, Map.of("Location", back), "")
                : new Reply(200, Map.of("Content-Type", "text/html"), "<h1>signed out</h1>");
    }

    Map<String, Object> idTokenClaims(String client, Optional<String> nonce) {
        return claims(user.orElseThrow(), client, nonce);
    }

    private Map<String, Object> changed(Map<String, Object> claims) {
        claims.putAll(behaviour.idTokenClaims());
        claims.values().removeIf(""::equals);
        return claims;
    }

    private Map<String, Object> claims(SignedIn signedIn, String client, Optional<String> nonce) {
        Instant now = clock.instant();
        Map<String, Object> claims = new LinkedHashMap<>(signedIn.claims);
        claims.put("iss", issuer);
        claims.put("sub", signedIn.sub);
        claims.put("aud", client);
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.plus(behaviour.lifetime()).getEpochSecond());
        claims.put("auth_time", signedIn.authTime.getEpochSecond());
        claims.put("sid", signedIn.sid);
        nonce.ifPresent(value -> claims.put("nonce", value));
        return claims;
    }

    Map<String, Object> logoutClaims() {
        Instant now = clock.instant();
        SignedIn gone = user.orElseThrow();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer);
        claims.put("aud", StrictProvider.CLIENT);
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.plusSeconds(120).getEpochSecond());
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("sub", gone.sub);
        claims.put("sid", gone.sid);
        claims.put("events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()));
        return claims;
    }

    /** Who is signed in at the provider. */
    private record SignedIn(String sub, Map<String, Object> claims, String sid, Instant authTime) {}

    /** What became of one authorization; its refresh tokens are a family. */
    private static final class Grant {
        private final SignedIn user;
        private final Map<String, String> asked;
        private Optional<String> key = Optional.empty();
        private boolean isExchanged;
        private volatile boolean isDead;
        private volatile String newest = "";

        private Grant(SignedIn user, Map<String, String> asked) {
            this.user = user;
            this.asked = asked;
        }

        /** Whether it is the same client's in the same session of the user. */
        private boolean isBesides(Grant other) {
            return user.sid.equals(other.user.sid)
                    && Objects.equals(asked.get("client_id"), other.asked.get("client_id"));
        }
    }

    /** What is answered. */
    record Reply(int status, Map<String, String> headers, String body) {

        static Reply json(int status, Map<String, Object> body) {
            return new Reply(
                    status,
                    Map.of("Content-Type", "application/json", "Cache-Control", "no-store"),
                    StrictProvider.json(body));
        }

        static Reply error(int status, String code) {
            return json(status, Map.of("error", code));
        }
    }
}
