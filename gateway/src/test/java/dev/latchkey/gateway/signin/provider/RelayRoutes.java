package dev.latchkey.gateway.signin.provider;

import static dev.latchkey.gateway.testing.Resources.route;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.RecordingBackend;
import dev.latchkey.gateway.testing.StrictProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.HashMap;
import java.util.Map;

/** Routes to one backend that give it all that a route can, each named after what that is. */
final class RelayRoutes {

    private RelayRoutes() {}

    /** Of a gateway with these routes. */
    static Map<String, Object> properties(StrictProvider provider, RecordingBackend backend) {
        Map<String, Object> all = new HashMap<>(TestProviders.properties(provider));
        all.put("latchkey.routes.file", file(backend.url()).toString());
        return all;
    }

    private static Path file(String backend) {
        try {
            Path file = Files.createTempFile("latchkey-routes", ".yml");
            file.toFile().deleteOnExit();
            return Files.writeString(
                    file,
                    "version: 1\nroutes:\n"
                            + route("token", backend, "access: required, relay: access-token")
                            + route("orders", backend, "access: required, relay: access-token, audience: orders")
                            + route("stock", backend, "access: required, relay: access-token, audience: stock")
                            + route("maybe", backend, "access: optional, relay: access-token")
                            + route("api", backend, "access: required")
                            + route("names", backend, "access: required, relay: headers")
                            + route("nothing", backend, "access: required, relay: none")
                            + route("open", backend, "access: public"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What a token says that verifies with the provider's keys, as a resource server would see it. */
    static JWTClaimsSet verified(String token, StrictProvider provider) {
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            JWKSet keys = JWKSet.parse(
                    new Browser(provider.issuer().toString()).get("/jwks").body());
            boolean isGood = jwt.verify(new RSASSAVerifier(
                    keys.getKeyByKeyId(jwt.getHeader().getKeyID()).toRSAKey()));
            if (!isGood) {
                throw new AssertionError("not signed by the provider");
            }
            return jwt.getJWTClaimsSet();
        } catch (ParseException | JOSEException failure) {
            throw new AssertionError("no token of the provider", failure);
        }
    }
}
