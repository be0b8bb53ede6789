package dev.latchkey.gateway.proof;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Signs proofs as browsers and clients do, and as nobody should. */
public final class TestProofs {

    private static final JsonMapper JSON = new JsonMapper();

    private final KeyPair pair = pair("secp256r1");

    /** A key pair of a curve. */
    public static KeyPair pair(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The public key as browsers send it. */
    public Map<String, Object> jwk() {
        ECPublicKey key = (ECPublicKey) pair.getPublic();
        Map<String, Object> jwk = new LinkedHashMap<>();
        jwk.put("kty", "EC");
        jwk.put("crv", "P-256");
        jwk.put("x", coordinate(key.getW().getAffineX()));
        jwk.put("y", coordinate(key.getW().getAffineY()));
        return jwk;
    }

    /** A header without the key. */
    public static Map<String, Object> header(String type) {
        return new LinkedHashMap<>(Map.of("alg", "ES256", "typ", type));
    }

    /** A header with the key. */
    public Map<String, Object> headerWithKey(String type) {
        Map<String, Object> header = header(type);
        header.put("jwk", jwk());
        return header;
    }

    /** A proof of this key. */
    public String sign(Map<String, Object> header, Map<String, Object> claims) {
        String signed = encoded(header) + "." + encoded(claims);
        return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature(signed));
    }

    /** A part of a JWT. */
    public static String encoded(Map<String, Object> part) {
        return encoded(JSON.writeValueAsString(part));
    }

    static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private byte[] signature(String signed) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(pair.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signature.sign();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static String coordinate(BigInteger value) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(P256.coordinate(value));
    }
}
