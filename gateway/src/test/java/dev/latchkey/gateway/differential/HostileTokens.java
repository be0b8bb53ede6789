package dev.latchkey.gateway.differential;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The tokens of {@code hostile-tokens.txt}, made of good ones, and signed with the gateway's own keys where one says
 * so.
 */
final class HostileTokens {

    private static final List<String[]> LINES = Settings.lines("/keys/hostile-tokens.txt").stream()
            .map(line -> line.split("\\s+\\|\\s+", -1))
            .toList();

    private static final String GOOD = "GOOD";

    private final Map<String, JWK> keys;
    private final String access;
    private final String refresh;

    private HostileTokens(Map<String, JWK> keys, String access, String refresh) {
        this.keys = keys;
        this.access = access;
        this.refresh = refresh;
    }

    /** All that can be made of these two tokens with the keys of this folder. */
    static List<String> of(Path folder, String access, String refresh) {
        try {
            HostileTokens all = new HostileTokens(keys(folder), access, refresh);
            List<String> tokens = new ArrayList<>();
            for (String[] line : LINES) {
                tokens.add(all.token(line));
            }
            return tokens;
        } catch (IOException | ParseException | GeneralSecurityException | JOSEException failure) {
            throw new AssertionError(failure);
        }
    }

    private static Map<String, JWK> keys(Path folder) throws IOException, ParseException {
        try (var files = Files.list(folder)) {
            Map<String, Object> set =
                    JSONObjectUtils.parse(Files.readString(files.findFirst().orElseThrow()));
            return Map.of(
                    "access", JWK.parse(JSONObjectUtils.getJSONObject(set, "access")),
                    "refresh", JWK.parse(JSONObjectUtils.getJSONObject(set, "refresh")),
                    "identity", JWK.parse(JSONObjectUtils.getJSONObject(set, "identity")));
        }
    }

    private String token(String[] line) throws ParseException, GeneralSecurityException, JOSEException {
        String header = line[2];
        for (Map.Entry<String, JWK> key : keys.entrySet()) {
            header = header.replace("{" + key.getKey() + "}", key.getValue().getKeyID());
        }
        String input = Base64URL.encode(header) + "."
                + Base64URL.encode(payload(line[1].equals("access") ? access : refresh, line[3]));
        return input + "." + Base64URL.encode(signature(line[4], input.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String payload(String good, String what) throws ParseException {
        if (!what.startsWith(GOOD)) {
            return what;
        }
        Map<String, Object> claims = SignedJWT.parse(good).getPayload().toJSONObject();
        if (what.startsWith("GOOD without ")) {
            claims.remove(what.substring("GOOD without ".length()));
        } else if (what.startsWith("GOOD with ")) {
            claims.putAll(JSONObjectUtils.parse(what.substring("GOOD with ".length())));
        }
        return JSONObjectUtils.toJSONString(claims);
    }

    private byte[] signature(String signer, byte[] input) throws GeneralSecurityException, JOSEException {
        return switch (signer) {
            case "nothing" -> new byte[0];
            case "access HS512" -> mac("HmacSHA512", secret("access"), input);
            case "foreign" -> mac("HmacSHA256", new byte[32], input);
            case "public as HMAC" ->
                mac("HmacSHA256", ((AsymmetricJWK) identity()).toPublicKey().getEncoded(), input);
            case "identity" -> signed(input);
            default -> mac("HmacSHA256", secret(signer), input);
        };
    }

    /** By the rules of the key, whatever the header says. */
    private byte[] signed(byte[] input) throws GeneralSecurityException, JOSEException {
        boolean isRsa = identity() instanceof RSAKey;
        Signature signature = Signature.getInstance(isRsa ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
        signature.initSign(((AsymmetricJWK) identity()).toPrivateKey());
        signature.update(input);
        return signature.sign();
    }

    private JWK identity() {
        return keys.get("identity");
    }

    private byte[] secret(String key) {
        return ((OctetSequenceKey) keys.get(key)).toByteArray();
    }

    private static byte[] mac(String algorithm, byte[] key, byte[] input) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(key, algorithm));
        return mac.doFinal(input);
    }
}
