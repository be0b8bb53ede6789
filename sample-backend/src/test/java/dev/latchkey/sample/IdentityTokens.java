package dev.latchkey.sample;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Plays the gateway: publishes a key set over HTTP and signs what the gateway would sign. */
final class IdentityTokens implements AutoCloseable {

    static final String ISSUER = "http://gateway.example";

    private final AtomicInteger timesAsked = new AtomicInteger();
    private final RSAKey key = newKey("known");
    private final HttpServer server = serve(new JWKSet(key.toPublicJWK()));

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** A token as the gateway makes it for {@code orders}. */
    String valid(String subject, String... roles) {
        return signed(key, claims -> claims.subject(subject).claim("roles", List.of(roles)));
    }

    String with(UnaryOperator<JWTClaimsSet.Builder> change) {
        return signed(key, change);
    }

    /** Signed by a key that the gateway never published, under a key id that it did. */
    String ofForeignKey() {
        return signed(newKey("known"), UnaryOperator.identity());
    }

    /** Of a key id that the gateway never published. */
    String ofUnknownKey(String id) {
        return signed(new RSAKey.Builder(key).keyID(id).build(), UnaryOperator.identity());
    }

    /** How often the keys were asked for. */
    int timesAsked() {
        return timesAsked.get();
    }

    String unsigned() {
        return new PlainJWT(claims().build()).serialize();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static String signed(RSAKey key, UnaryOperator<JWTClaimsSet.Builder> change) {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID(key.getKeyID())
                .type(JOSEObjectType.JWT)
                .build();
        SignedJWT token = new SignedJWT(header, change.apply(claims()).build());
        try {
            token.sign(new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }

    private static JWTClaimsSet.Builder claims() {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience("orders")
                .subject("ada")
                .claim("sid", "hash-of-the-session")
                .claim("roles", List.of("customer"))
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(90)));
    }

    private static RSAKey newKey(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpServer serve(JWKSet keys) {
        byte[] body = keys.toString().getBytes(StandardCharsets.UTF_8);
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/.well-known/jwks.json", exchange -> {
                timesAsked.incrementAndGet();
                exchange.getResponseHeaders().set("Content-Type", "application/jwk-set+json");
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
