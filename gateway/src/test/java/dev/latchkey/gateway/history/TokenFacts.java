package dev.latchkey.gateway.history;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.latchkey.gateway.token.SessionId;
import java.text.ParseException;
import java.time.Instant;
import java.util.Comparator;

/**
 * What a token says to who looks inside, without anything that opens a door.
 *
 * @param session its public id
 * @param began when the session began
 * @param branch the token's own id; two refresh tokens of one generation differ by it
 */
record TokenFacts(String session, Instant began, int generation, String branch) {

    /** Of several refresh tokens the last of these counts. */
    static final Comparator<TokenFacts> BY_AGE =
            Comparator.comparing(TokenFacts::began).thenComparing(TokenFacts::generation);

    private static final int SHORT = 5;

    static TokenFacts of(String token) {
        try {
            JWTClaimsSet claims = SignedJWT.parse(token).getJWTClaimsSet();
            String session =
                    new SessionId(claims.getStringClaim("sid")).publicId().value();
            long began = Math.round(((Number) claims.getClaim("auth_time")).doubleValue() * 1000);
            return new TokenFacts(
                    session, Instant.ofEpochMilli(began), claims.getIntegerClaim("gen"), claims.getJWTID());
        } catch (ParseException failure) {
            throw new AssertionError("not a token of the gateway", failure);
        }
    }

    /** As in the protocol's traces: generation and branch. */
    @Override
    public String toString() {
        return shortened(session) + ":" + generation + "/" + shortened(branch);
    }

    static String shortened(String id) {
        return id.length() > SHORT ? id.substring(0, SHORT) : id;
    }
}
