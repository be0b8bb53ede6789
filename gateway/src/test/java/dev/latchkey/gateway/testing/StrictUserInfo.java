package dev.latchkey.gateway.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.dpop.JWKThumbprintConfirmation;
import com.nimbusds.oauth2.sdk.dpop.verifiers.AccessTokenValidationException;
import com.nimbusds.oauth2.sdk.dpop.verifiers.DPoPIssuer;
import com.nimbusds.oauth2.sdk.dpop.verifiers.DPoPProtectedResourceRequestVerifier;
import com.nimbusds.oauth2.sdk.dpop.verifiers.InvalidDPoPProofException;
import com.nimbusds.oauth2.sdk.token.DPoPAccessToken;
import com.nimbusds.openid.connect.sdk.Nonce;
import dev.latchkey.gateway.testing.StrictGrants.Reply;
import dev.latchkey.gateway.testing.StrictProvider.Received;
import java.net.URI;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The user info endpoint of {@link StrictProvider} (OpenID Connect Core section 5.3), with the proof of RFC 9449
 * section 7, and always with a nonce, where a token is bound to a key.
 */
final class StrictUserInfo {

    private static final String NONCE = "nonce-of-user-info";
    private static final long PROOF_SECONDS = 60;

    private final Map<String, Issued> issued = new ConcurrentHashMap<>();
    private final URI address;

    StrictUserInfo(String issuer) {
        this.address = URI.create(issuer + "/userinfo");
    }

    void issued(String accessToken, String sub, Optional<String> key) {
        issued.put(accessToken, new Issued(sub, key));
    }

    Reply answer(Received request, Map<String, Object> said) {
        String[] scheme = Objects.requireNonNullElse(request.headers().get("Authorization"), "")
                .split(" ", 2);
        Issued token = issued.get(scheme[scheme.length - 1]);
        if (token == null || !scheme[0].equals(token.key.isPresent() ? "DPoP" : "Bearer")) {
            return refused("Bearer error=\"invalid_token\"");
        }
        if (token.key.isPresent() && !isProven(request, scheme[1], token.key.get())) {
            return refused("DPoP error=\"use_dpop_nonce\"");
        }
        Map<String, Object> claims = new LinkedHashMap<>(said);
        claims.putIfAbsent("sub", token.sub);
        return Reply.json(200, claims);
    }

    private static Reply refused(String challenge) {
        return new Reply(401, Map.of("WWW-Authenticate", challenge, "DPoP-Nonce", NONCE), "");
    }

    private boolean isProven(Received request, String token, String key) {
        DPoPProtectedResourceRequestVerifier verifier = new DPoPProtectedResourceRequestVerifier(
                Set.of(JWSAlgorithm.ES256), PROOF_SECONDS, PROOF_SECONDS, null);
        try {
            verifier.verify(
                    "GET",
                    address,
                    new DPoPIssuer(StrictProvider.CLIENT),
                    SignedJWT.parse(request.headers().get("DPoP")),
                    new DPoPAccessToken(token),
                    new JWKThumbprintConfirmation(new Base64URL(key)),
                    new Nonce(NONCE));
            return true;
        } catch (ParseException | JOSEException | InvalidDPoPProofException | AccessTokenValidationException e) {
            return false;
        }
    }

    /** Whose it is, and the thumbprint of the key that it is bound to. */
    private record Issued(String sub, Optional<String> key) {}
}
