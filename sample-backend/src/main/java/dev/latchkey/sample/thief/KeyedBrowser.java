package dev.latchkey.sample.thief;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * A browser whose session is bound to a key (W3C Device Bound Session Credentials). Real ones keep the key in hardware
 * and bind nothing over plain HTTP, which the demo speaks; this one keeps it in memory and does not mind.
 */
final class KeyedBrowser {

    private static final JOSEObjectType TYPE = new JOSEObjectType("dbsc+jwt");
    private static final Pattern OFFER = Pattern.compile("\\(ES256\\);path=\"([^\"]+)\";challenge=\"([^\"]+)\"");
    private static final Pattern CHALLENGE = Pattern.compile("\"([^\"]+)\";id=\"([^\"]+)\"");

    private final CookieClient client;
    private final ECKey key;
    private volatile Renewal renewal;

    private KeyedBrowser(CookieClient client, ECKey key, Renewal renewal) {
        this.client = client;
        this.key = key;
        this.renewal = renewal;
    }

    /**
     * One that has just signed in, and whose session is bound; a 409 if nobody could sign in or the gateway binds none.
     */
    static Mono<KeyedBrowser> signedIn(CookieClient client, String user, String password) {
        return client.postJson("/auth/sign-in", Map.of("username", user, "password", password))
                .flatMap(answer -> register(client, answer));
    }

    private static Mono<KeyedBrowser> register(CookieClient client, ResponseEntity<JsonNode> signedIn) {
        Matcher offer = OFFER.matcher(header(signedIn.getHeaders(), "Secure-Session-Registration"));
        if (!offer.matches()) {
            return Mono.error(new ResponseStatusException(
                    HttpStatus.CONFLICT,
                    "No session to bind: the sign-in was answered with " + signedIn.getStatusCode()));
        }
        ECKey key = newKey();
        JWSHeader withKey = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(TYPE)
                .jwk(key.toPublicJWK())
                .build();
        return client.post(offer.group(1), Map.of("Secure-Session-Response", signed(key, withKey, offer.group(2))))
                .map(answer -> new KeyedBrowser(client, key, Renewal.of(answer)));
    }

    /** What a thief takes who has all of this browser but its key. */
    CookieClient copiedBy(String userAgent) {
        return client.copiedBy(userAgent);
    }

    /** Calls, and renews the access cookie before that if its time is over. */
    Mono<ResponseEntity<JsonNode>> get(String path) {
        return client.has(renewal.cookie()) ? client.get(path) : renewed().then(Mono.defer(() -> client.get(path)));
    }

    private Mono<Void> renewed() {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256).type(TYPE).build();
        Map<String, String> proof = Map.of(
                "Sec-Secure-Session-Id",
                '"' + renewal.session() + '"',
                "Secure-Session-Response",
                signed(key, header, renewal.challenge()));
        return client.post(renewal.path(), proof)
                .doOnNext(answer -> renewal = Renewal.of(answer))
                .then();
    }

    private static ECKey newKey() {
        try {
            return new ECKeyGenerator(Curve.P_256).generate();
        } catch (JOSEException impossible) {
            throw new IllegalStateException("every JDK makes keys of P-256", impossible);
        }
    }

    private static String signed(ECKey key, JWSHeader header, String challenge) {
        try {
            SignedJWT proof = new SignedJWT(
                    header, new JWTClaimsSet.Builder().jwtID(challenge).build());
            proof.sign(new ECDSASigner(key));
            return proof.serialize();
        } catch (JOSEException impossible) {
            throw new IllegalStateException("every JDK signs with P-256", impossible);
        }
    }

    private static String header(HttpHeaders headers, String name) {
        return Optional.ofNullable(headers.getFirst(name)).orElse("");
    }

    /**
     * What the gateway says of the next renewal.
     *
     * @param session its public id
     * @param path where to send the proof
     * @param cookie which one is renewed
     * @param challenge to sign then
     */
    private record Renewal(String session, String path, String cookie, String challenge) {

        /** A 502 if the session was not bound or renewed. */
        static Renewal of(ResponseEntity<JsonNode> answer) {
            JsonNode told = answer.getBody();
            Matcher sent = CHALLENGE.matcher(header(answer.getHeaders(), "Secure-Session-Challenge"));
            if (answer.getStatusCode().value() != 200 || told == null || !sent.matches()) {
                throw new ResponseStatusException(
                        HttpStatus.BAD_GATEWAY, "The gateway answered a proof with " + answer.getStatusCode());
            }
            return new Renewal(
                    told.path("session_identifier").asString(),
                    told.path("refresh_url").asString(),
                    told.path("credentials").path(0).path("name").asString(),
                    sent.group(1));
        }
    }
}
