package dev.latchkey.gateway.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

/** Texts that stand where a token should: what scanners send, and what an attacker makes who knows how ours look. */
public final class Garbage {

    private static final byte[] FOREIGN = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int HUGE = 7_000;

    private Garbage() {}

    /** Of an attacker who has these two tokens of ours, and no key. */
    public static List<String> of(String access, String refresh) throws ParseException, JOSEException {
        List<String> all = new ArrayList<>(List.of(
                "x",
                ".",
                "..",
                "a.b.c",
                "null",
                "undefined",
                "eyJ",
                "a.".repeat(100),
                "x".repeat(HUGE),
                "-_-._-_.-_-"));
        all.addAll(List.of(
                access.substring(0, access.length() - 4),
                access + "x",
                access.substring(0, access.lastIndexOf('.') + 1),
                refresh.substring(0, refresh.length() - 4),
                refresh.replaceFirst("\\.", ".."),
                Base64URL.encode("{\"alg\":\"none\",\"typ\":\"at+jwt\"}") + "." + access.split("\\.", -1)[1] + "."));
        for (String ours : List.of(access, refresh)) {
            all.add(signed(ours, claims(ours)));
            all.add(signed(ours, expired(ours)));
            all.add(signed(ours, anotherIssuer(ours)));
            all.add(signed(ours, anotherSession(ours)));
            all.add(signed(ours, new JWTClaimsSet.Builder().build()));
        }
        return all;
    }

    private static JWTClaimsSet claims(String token) throws ParseException {
        return SignedJWT.parse(token).getJWTClaimsSet();
    }

    private static JWTClaimsSet expired(String token) throws ParseException {
        return new JWTClaimsSet.Builder(claims(token))
                .expirationTime(Date.from(Instant.EPOCH))
                .build();
    }

    private static JWTClaimsSet anotherIssuer(String token) throws ParseException {
        return new JWTClaimsSet.Builder(claims(token))
                .issuer("https://other.example")
                .build();
    }

    private static JWTClaimsSet anotherSession(String token) throws ParseException {
        return new JWTClaimsSet.Builder(claims(token))
                .claim("sid", "AAAAAAAAAAAAAAAAAAAAAA")
                .build();
    }

    /** By the right algorithm, under our own key's id, and with a key that is not ours. */
    private static String signed(String ours, JWTClaimsSet claims) throws ParseException, JOSEException {
        JWSHeader original = SignedJWT.parse(ours).getHeader();
        JOSEObjectType type = original.getType();
        SignedJWT forged = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .keyID(original.getKeyID())
                        .type(type)
                        .build(),
                claims);
        forged.sign(new MACSigner(FOREIGN));
        return forged.serialize();
    }
}
