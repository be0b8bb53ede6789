package dev.latchkey.gateway.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.dpop.verifiers.DPoPIssuer;
import com.nimbusds.oauth2.sdk.dpop.verifiers.DPoPTokenRequestVerifier;
import com.nimbusds.oauth2.sdk.dpop.verifiers.InvalidDPoPProofException;
import com.nimbusds.oauth2.sdk.util.singleuse.AlreadyUsedException;
import com.nimbusds.openid.connect.sdk.Nonce;
import dev.latchkey.gateway.testing.StrictProvider.Received;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Who calls {@link StrictProvider}: its client by secret or key, or a public client; and proofs of possession. */
final class StrictClients {

    private static final long PROOF_SECONDS = 60;

    private volatile Optional<JWK> clientKey = Optional.empty();
    private final Set<String> used = ConcurrentHashMap.newKeySet();
    private final String issuer;

    StrictClients(String issuer) {
        this.issuer = issuer;
    }

    void register(JWK key) {
        clientKey = Optional.of(key);
    }

    /** The client, or nothing: {@code invalid_client}. */
    Optional<String> authenticated(Received request) {
        Map<String, String> form = request.form();
        String authorization = request.headers().get("Authorization");
        if (authorization != null) {
            return basic(authorization);
        }
        if (form.containsKey("client_assertion")) {
            return byKey(form.get("client_assertion"));
        }
        if (form.containsKey("client_secret")) {
            return secret(form.getOrDefault("client_id", ""), form.get("client_secret"));
        }
        return Optional.ofNullable(form.get("client_id")).filter(StrictProvider.NATIVE::equals);
    }

    /** Both parts are form-encoded before base64 (RFC 6749 section 2.3.1). */
    private static Optional<String> basic(String authorization) {
        String pair = new String(
                Base64.getDecoder().decode(authorization.substring("Basic ".length())), StandardCharsets.UTF_8);
        int colon = pair.indexOf(':');
        return secret(decoded(pair.substring(0, colon)), decoded(pair.substring(colon + 1)));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static Optional<String> secret(String client, String secret) {
        return client.equals(StrictProvider.CLIENT) && secret.equals(StrictProvider.SECRET)
                ? Optional.of(client)
                : Optional.empty();
    }

    private Optional<String> byKey(String assertion) {
        try {
            SignedJWT token = SignedJWT.parse(assertion);
            var claims = token.getJWTClaimsSet();
            boolean isGood = clientKey.isPresent()
                    && token.verify(new DefaultJWSVerifierFactory()
                            .createJWSVerifier(token.getHeader(), ((AsymmetricJWK) clientKey.get()).toPublicKey()))
                    && StrictProvider.CLIENT.equals(claims.getSubject())
                    && StrictProvider.CLIENT.equals(claims.getIssuer())
                    && (claims.getAudience().contains(issuer)
                            || claims.getAudience().contains(issuer + "/token"))
                    && claims.getExpirationTime() != null
                    && claims.getJWTID() != null
                    && used.add(claims.getJWTID());
            return isGood ? Optional.of(StrictProvider.CLIENT) : Optional.empty();
        } catch (ParseException | JOSEException e) {
            return Optional.empty();
        }
    }

    /**
     * The thumbprint of the key of a proof (RFC 9449 section 4.3); empty if there is none; an error code if it is bad.
     */
    Proof proof(Received request, String client, Optional<String> nonce) {
        String proof = request.headers().get("DPoP");
        if (proof == null) {
            return new Proof(Optional.empty(), nonce.map(unused -> "invalid_dpop_proof"));
        }
        DPoPTokenRequestVerifier verifier = new DPoPTokenRequestVerifier(
                Set.of(JWSAlgorithm.ES256), URI.create(issuer + "/token"), PROOF_SECONDS, PROOF_SECONDS, use -> {
                    if (!used.add(use.getJWTID().getValue())) {
                        throw new AlreadyUsedException("proof");
                    }
                });
        try {
            SignedJWT token = SignedJWT.parse(proof);
            if (nonce.isPresent() && !nonce.get().equals(token.getJWTClaimsSet().getStringClaim("nonce"))) {
                return new Proof(Optional.empty(), Optional.of("use_dpop_nonce"));
            }
            var thumbprint = verifier.verify(
                    new DPoPIssuer(client),
                    token,
                    nonce.map(Nonce::new).map(Set::of).orElse(null));
            return new Proof(Optional.of(thumbprint.getValue().toString()), Optional.empty());
        } catch (ParseException | JOSEException | InvalidDPoPProofException e) {
            return new Proof(Optional.empty(), Optional.of("invalid_dpop_proof"));
        }
    }

    /** What came of looking for one. */
    record Proof(Optional<String> key, Optional<String> error) {}
}
