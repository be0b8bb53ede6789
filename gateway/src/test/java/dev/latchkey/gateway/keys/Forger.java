package dev.latchkey.gateway.keys;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes compact tokens by hand, the ones that no library would make. */
final class Forger {

    private Forger() {}

    static String forge(String header, String payload, String signer) {
        String input = encode(bytes(header)) + "." + encode(bytes(payload));
        return input + "." + encode(sign(signer, bytes(input)));
    }

    private static byte[] sign(String signer, byte[] input) {
        try {
            return switch (signer) {
                case "nothing" -> new byte[0];
                case "access" -> mac("HmacSHA256", TestKeys.RSA.access().key(), input);
                case "access HS512" -> mac("HmacSHA512", TestKeys.RSA.access().key(), input);
                case "refresh" -> mac("HmacSHA256", TestKeys.RSA.refresh().key(), input);
                case "foreign" -> mac("HmacSHA256", new SecretKeySpec(new byte[32], "HmacSHA256"), input);
                case "public as HMAC" -> mac("HmacSHA256", new SecretKeySpec(publicKey(), "HmacSHA256"), input);
                case "identity" -> rsa(input);
                default -> throw new IllegalArgumentException("no signer " + signer);
            };
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] mac(String algorithm, Key key, byte[] input) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(algorithm);
        mac.init(key);
        return mac.doFinal(input);
    }

    private static byte[] rsa(byte[] input) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(privateKey());
        signature.update(input);
        return signature.sign();
    }

    private static byte[] publicKey() throws GeneralSecurityException {
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) privateKey();
        return KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()))
                .getEncoded();
    }

    private static PrivateKey privateKey() {
        return TestKeys.RSA.identity().key().signing();
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
