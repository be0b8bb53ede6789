package dev.latchkey.gateway.keycloak;

import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.denylist.LocalDenylistReport;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.Ports;
import dev.latchkey.gateway.testing.RecordingBackend;
import dev.latchkey.gateway.testing.Resources;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real Keycloak and two gateway nodes on one Redis, whose users all come from it. Everything lives by real clocks; it
 * is started once in a JVM and ends with the last test.
 */
final class KeycloakWorld implements BeforeAllCallback, BeforeEachCallback {

    static final KeycloakWorld SHARED = new KeycloakWorld();

    /** At the nodes Keycloak is a provider of this name. */
    static final String PROVIDER = "keycloak";

    /** Another client of the same realm, which has a key and no secret. */
    static final String PROVIDER_BY_KEY = "key";

    /** Short enough to be waited for; at Keycloak they live for 20 seconds, so that half of that later they are due. */
    static final Duration ACCESS = Duration.ofSeconds(12);

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String SECRET = "secret of the client: ä+/% and more of it";

    private final Resources resources = new Resources();
    private final List<AuditEvent> audit = new CopyOnWriteArrayList<>();
    private final List<Gateway> nodes = new ArrayList<>();
    private final List<Integer> ports = List.of(Ports.free(), Ports.free());
    private RedisProcess redis;
    private RecordingBackend backend;
    private KeycloakFront front;
    private Keycloak keycloak;
    private KeycloakAdmin admin;

    private KeycloakWorld() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        KeycloakDistribution.home();
        context.getStore(ExtensionContext.StoreScope.LAUNCHER_SESSION, ExtensionContext.Namespace.GLOBAL)
                .computeIfAbsent(KeycloakWorld.class, type -> start(), AutoCloseable.class);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        forget();
    }

    /** What happened until now. */
    void forget() {
        front.forget();
        admin.forgetEvents();
        backend.forget();
        audit.clear();
    }

    private AutoCloseable start() {
        try {
            front = new KeycloakFront();
            ECKey key = new ECKeyGenerator(Curve.P_256)
                    .keyID("gateway")
                    .keyUse(KeyUse.SIGNATURE)
                    .generate();
            keycloak = Keycloak.start(realm(key), front.origin());
            front.leadTo(keycloak.url());
            front.logoutsTo(url(0) + "/auth/providers/" + PROVIDER + "/logout");
            admin = new KeycloakAdmin(keycloak.url());
            redis = RedisProcess.start();
            backend = new RecordingBackend();
            resources.write(backend.url(), InstantSource.system(), List.of());
            Files.writeString(resources.folder().resolve("routes.yml"), routes());
            Files.writeString(resources.folder().resolve("secret"), SECRET);
            Files.writeString(resources.folder().resolve("key.json"), key.toJSONString());
            for (int port : ports) {
                nodes.add(Gateway.start(properties(port), audit::add));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (JOSEException impossible) {
            throw new AssertionError("no key", impossible);
        }
        nodes.forEach(KeycloakWorld::awaitReady);
        return this::stop;
    }

    private String realm(ECKey key) throws IOException {
        try (var file = KeycloakWorld.class.getResourceAsStream("realm.json")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@node-0@", url(0))
                    .replace("@node-1@", url(1))
                    .replace("@logout@", front.logoutUrl())
                    .replace("@jwks@", new JWKSet(key.toPublicJWK()).toString().replace("\"", "\\\""));
        }
    }

    private String routes() {
        return """
                version: 1
                routes:
                  - id: gold
                    match: { path: /gold/** }
                    to: BACKEND
                    entry: { access: required, provider: keycloak, acr-values: [gold] }
                  - id: fresh
                    match: { path: /fresh/** }
                    to: BACKEND
                    entry: { access: required, provider: keycloak, max-age: 1s }
                  - id: admin
                    match: { path: /admin/** }
                    to: BACKEND
                    entry: { access: required, provider: keycloak, roles: [admin] }
                  - id: issued
                    match: { path: /issued/** }
                    to: BACKEND
                    entry: { access: required, provider: keycloak, relay: access-token }
                  - id: files
                    match: { path: /files/** }
                    to: BACKEND
                    entry: { access: required, provider: keycloak, relay: access-token, audience: files }
                  - id: strangers
                    match: { path: /strangers/** }
                    to: BACKEND
                    entry: { access: required, provider: keycloak, relay: access-token, audience: nobody-there }
                  - id: api
                    match: { path: /api/** }
                    to: BACKEND
                    entry: { access: required, provider: keycloak, audience: api }
                """.replace("BACKEND", backend.url());
    }

    private Map<String, Object> properties(int port) {
        Map<String, Object> properties = new HashMap<>(resources.properties());
        properties.put("latchkey.users.file", "");
        properties.put("server.port", port);
        properties.put("management.server.port", 0);
        properties.put("spring.data.redis.host", "127.0.0.1");
        properties.put("spring.data.redis.port", redis.port());
        properties.put("latchkey.issuer", url(0));
        properties.put("latchkey.public-origins", url(0) + "," + url(1));
        properties.put("latchkey.token.access-ttl", ACCESS.toString());
        properties.put("latchkey.rotation.grace", "4s");
        properties.put("latchkey.cookies.prefix", "latchkey-");
        properties.put("latchkey.cookies.secure", false);
        put(properties, PROVIDER, "client-id", "shop-gateway");
        put(properties, PROVIDER, "client-secret-file", resources.folder().resolve("secret"));
        put(properties, PROVIDER_BY_KEY, "client-id", "shop-gateway-key");
        put(properties, PROVIDER_BY_KEY, "private-key-file", resources.folder().resolve("key.json"));
        return properties;
    }

    private void put(Map<String, Object> properties, String provider, String name, Object value) {
        String prefix = "latchkey.providers." + provider + ".";
        properties.put(prefix + "issuer", issuer());
        properties.put(prefix + "preset", "keycloak");
        properties.put(prefix + name, value.toString());
    }

    private static void awaitReady(Gateway node) {
        await().atMost(LIMIT).until(() -> node.bean(LocalDenylistReport.class).isFresh());
        for (String provider : List.of(PROVIDER, PROVIDER_BY_KEY)) {
            await().atMost(LIMIT)
                    .until(() -> new Browser(node.url())
                                    .navigate("/auth/providers/" + provider)
                                    .statusCode()
                            == 303);
        }
    }

    private void stop() {
        nodes.forEach(Gateway::close);
        backend.close();
        redis.close();
        keycloak.close();
        front.close();
        resources.delete();
    }

    String issuer() {
        return front.origin() + "/realms/latchkey";
    }

    /** As a browser sees the node of this number. */
    String url(int node) {
        return "http://127.0.0.1:" + ports.get(node);
    }

    int port(int node) {
        return ports.get(node);
    }

    KeycloakFront front() {
        return front;
    }

    KeycloakAdmin admin() {
        return admin;
    }

    RecordingBackend backend() {
        return backend;
    }

    List<String> auditNames() {
        return audit.stream().map(AuditEvent::name).toList();
    }

    /** Somebody who has not been anywhere yet, before the first node. */
    Person person() {
        return new Person(this, new Browser(url(0)));
    }
}
