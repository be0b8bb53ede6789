package dev.latchkey.gateway.proof;

import dev.latchkey.gateway.crypto.Base64Url;
import dev.latchkey.gateway.crypto.Sha256;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.spec.ECPoint;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The public key of a holder who proves that they have the private one: a point of P-256, the only curve that all
 * browsers and clients know with ES256 (RFC 7518 section 3.4).
 */
public final class ProofKey {

    /** Length of {@link #point}. */
    public static final int POINT_BYTES = P256.POINT_BYTES;

    /** What only the holder may know: RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1. */
    private static final Set<String> PRIVATE = Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

    private final byte[] point;
    private final PublicKey key;
    private final String thumbprint;

    private ProofKey(ECPoint point) {
        this.point = P256.compressed(point.getAffineX(), point.getAffineY());
        this.key = P256.key(point);
        this.thumbprint = thumbprint(point);
    }

    /**
     * The key of a JWK (RFC 7517): a public one, {@code kty} EC, {@code crv} P-256, coordinates of 32 bytes each, on
     * the curve (NIST SP 800-56A, 5.6.2.3.3); if it has an {@code alg}, ES256, and a {@code use}, {@code sig}. Empty
     * otherwise.
     */
    public static Optional<ProofKey> ofJwk(JsonNode jwk) {
        if (!jwk.isObject()
                || !ProofJwt.is(jwk, "kty", "EC")
                || !ProofJwt.is(jwk, "crv", "P-256")
                || (jwk.has("alg") && !ProofJwt.is(jwk, "alg", "ES256"))
                || (jwk.has("use") && !ProofJwt.is(jwk, "use", "sig"))
                || PRIVATE.stream().anyMatch(jwk::has)) {
            return Optional.empty();
        }
        return coordinate(jwk, "x")
                .flatMap(x -> coordinate(jwk, "y")
                        .filter(y -> P256.isOnCurve(x, y))
                        .map(y -> new ProofKey(new ECPoint(x, y))));
    }

    /** The key of a compressed point (SEC 1 section 2.3.4) of 33 bytes; empty if these bytes are none of the curve. */
    public static Optional<ProofKey> ofPoint(byte[] compressed) {
        return P256.point(compressed).map(ProofKey::new);
    }

    /** The compressed point, 33 bytes. */
    public byte[] point() {
        return point.clone();
    }

    /** The SHA-256 of the canonical JWK in base64url (RFC 7638): {@code jkt} in tokens (RFC 9449 section 6.1). */
    public String thumbprint() {
        return thumbprint;
    }

    PublicKey key() {
        return key;
    }

    private static Optional<BigInteger> coordinate(JsonNode jwk, String member) {
        JsonNode found = jwk.path(member);
        return found.isString() && Base64Url.isWellFormed(found.asString(), P256.COORDINATE_BYTES)
                ? Optional.of(new BigInteger(1, Base64.getUrlDecoder().decode(found.asString())))
                : Optional.empty();
    }

    private static String thumbprint(ECPoint point) {
        return Sha256.base64Url("{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}"
                .formatted(
                        Base64Url.encode(P256.coordinate(point.getAffineX())),
                        Base64Url.encode(P256.coordinate(point.getAffineY()))));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ProofKey key && Arrays.equals(point, key.point);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(point);
    }

    @Override
    public String toString() {
        return "ProofKey[" + thumbprint + "]";
    }
}
