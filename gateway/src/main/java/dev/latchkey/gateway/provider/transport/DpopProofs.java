package dev.latchkey.gateway.provider.transport;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.oauth2.sdk.dpop.DefaultDPoPProofFactory;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.oauth2.sdk.token.DPoPAccessToken;
import com.nimbusds.openid.connect.sdk.Nonce;
import java.net.URI;
import java.text.ParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Proofs that the gateway has the key to which a provider bound its tokens (RFC 9449). */
public final class DpopProofs {

    private DpopProofs() {}

    /** A key for the tokens of one session, as a JWK. */
    public static String newKey() {
        try {
            return new ECKeyGenerator(Curve.P_256).generate().toJSONString();
        } catch (JOSEException impossible) {
            throw new IllegalStateException("every Java platform has P-256", impossible);
        }
    }

    /** The proof for a GET of this address with this access token (section 7); empty if the key cannot be read. */
    public static Optional<String> proofWithToken(String key, URI address, String token, Optional<String> nonce) {
        return proof(key, "GET", address, new DPoPAccessToken(token), nonce);
    }

    /** The proof for a POST to this endpoint; empty if the key cannot be read. */
    public static Optional<String> proof(String key, URI endpoint, Optional<String> nonce) {
        return proof(key, "POST", endpoint, null, nonce);
    }

    private static Optional<String> proof(
            String key, String method, URI address, @Nullable AccessToken token, Optional<String> nonce) {
        try {
            DefaultDPoPProofFactory proofs = new DefaultDPoPProofFactory(JWK.parse(key), JWSAlgorithm.ES256);
            return Optional.of(proofs.createDPoPJWT(
                            method, address, token, nonce.map(Nonce::new).orElse(null))
                    .serialize());
        } catch (JOSEException | ParseException | RuntimeException unusable) {
            return Optional.empty();
        }
    }
}
