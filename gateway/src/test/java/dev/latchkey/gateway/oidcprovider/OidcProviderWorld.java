package dev.latchkey.gateway.oidcprovider;

import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.RecordingBackend;
import dev.latchkey.gateway.testing.Resources;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The provider, and two nodes on one Redis that live by real clocks and know it by several names: {@code strict},
 * {@code paused} and {@code refused} by a secret, so that trouble with one holds no other back; {@code key} by
 * {@code private_key_jwt}, {@code proof} with DPoP, and {@code resource}, which asks for tokens for one API.
 */
final class OidcProviderWorld implements AutoCloseable {

    static final String RESOURCE = "https://orders.shop.example";

    private static final String SECRET = "a secret of the tests' client";
    private static final String SCOPES = "openid,profile,email,roles,offline_access";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int NODES = 2;

    private final ECKey clientKey = newKey();
    private final OidcProvider provider = OidcProvider.start(List.of(
            client("strict"),
            client("paused"),
            client("refused"),
            with(
                    client("key"),
                    Map.of(
                            "token_endpoint_auth_method",
                            "private_key_jwt",
                            "token_endpoint_auth_signing_alg",
                            "ES256",
                            "jwks",
                            Map.of("keys", List.of(clientKey.toPublicJWK().toJSONObject())))),
            with(client("proof"), Map.of("dpop_bound_access_tokens", true)),
            client("resource")));
    private final RedisProcess redis = RedisProcess.start();
    private final RecordingBackend backend = new RecordingBackend();
    private final Resources resources = new Resources();
    private final List<AuditEvent> audit = new CopyOnWriteArrayList<>();
    private final List<Gateway> nodes = new ArrayList<>();

    private OidcProviderWorld() {
        resources.write(backend.url(), Clock.systemUTC(), List.of("bob"));
        addRelayingRoute();
        for (int node = 0; node < NODES; node++) {
            nodes.add(Gateway.start(properties(), audit::add));
        }
        provider.reach(World.ORIGIN, nodes.get(0).url());
        nodes.forEach(OidcProviderWorld::awaitReady);
    }

    private void addRelayingRoute() {
        try {
            Files.writeString(
                    resources.folder().resolve("routes.yml"),
                    Resources.route("relay", backend.url(), "access: required, relay: access-token"),
                    StandardOpenOption.APPEND);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Skips the tests where the provider cannot be had. */
    static OidcProviderWorld start() {
        return new OidcProviderWorld();
    }

    private static ECKey newKey() {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID("client-key").generate();
        } catch (JOSEException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static Map<String, Object> client(String name) {
        return Map.of(
                "client_id", "latchkey-" + name,
                "client_secret", SECRET,
                "redirect_uris", List.of(World.ORIGIN + "/auth/providers/" + name + "/callback"),
                "post_logout_redirect_uris", List.of(World.ORIGIN + "/auth/signed-out"),
                "backchannel_logout_uri", World.ORIGIN + "/auth/providers/" + name + "/logout",
                "backchannel_logout_session_required", true,
                "grant_types", List.of("authorization_code", "refresh_token"),
                "response_types", List.of("code"),
                "scope", SCOPES.replace(',', ' '));
    }

    private static Map<String, Object> with(Map<String, Object> client, Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(client);
        all.putAll(more);
        return all;
    }

    private Map<String, Object> properties() {
        Map<String, Object> all = new HashMap<>(resources.properties());
        all.put("server.port", 0);
        all.put("management.server.port", 0);
        all.put("spring.data.redis.host", "127.0.0.1");
        all.put("spring.data.redis.port", redis.port());
        all.put("latchkey.issuer", World.ISSUER);
        all.put("latchkey.public-origins", World.ORIGIN);
        all.put("latchkey.cookies.prefix", "latchkey-");
        all.put("latchkey.cookies.secure", false);
        for (String name : List.of("strict", "paused", "refused", "key", "proof", "resource")) {
            String prefix = "latchkey.providers." + name;
            all.put(prefix + ".issuer", provider.issuer());
            all.put(prefix + ".client-id", "latchkey-" + name);
            all.put(prefix + ".scopes", SCOPES);
            all.put(prefix + ".extra-parameters.prompt", "consent");
            all.put(prefix + ".call-timeout", "5s");
            all.put(prefix + ".lease", "9s");
            all.put(prefix + ".orphan-wait", "1s");
            String credential = name.equals("key") ? ".private-key-file" : ".client-secret-file";
            all.put(prefix + credential, file(name.equals("key") ? clientKey.toJSONString() : SECRET));
        }
        all.put("latchkey.providers.proof.dpop", true);
        all.put("latchkey.providers.resource.resource", RESOURCE);
        return all;
    }

    private String file(String content) {
        try {
            Path file = Files.createTempFile(resources.folder(), "secret", "");
            return Files.writeString(file, content).toString();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Their metadata is read in the background. */
    private static void awaitReady(Gateway node) {
        Browser browser = new Browser(node.url());
        for (String name : List.of("strict", "paused", "refused", "key", "proof", "resource")) {
            await().atMost(LIMIT)
                    .until(() -> browser.navigate("/auth/providers/" + name).statusCode() == 303);
        }
    }

    OidcProvider provider() {
        return provider;
    }

    RedisProcess redis() {
        return redis;
    }

    RecordingBackend backend() {
        return backend;
    }

    Gateway node(int number) {
        return nodes.get(number % NODES);
    }

    /** A person before the first node. */
    Person person(String name) {
        return new Person(name, nodes.get(0).url());
    }

    List<String> auditNames() {
        return audit.stream().map(AuditEvent::name).toList();
    }

    @Override
    public void close() {
        nodes.forEach(Gateway::close);
        backend.close();
        redis.close();
        provider.close();
        resources.delete();
    }
}
