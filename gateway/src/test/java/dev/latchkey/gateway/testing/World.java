package dev.latchkey.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.latchkey.gateway.audit.AuditEvent;
import dev.latchkey.gateway.audit.RepeatedEvents;
import dev.latchkey.gateway.denylist.DenylistKeys;
import dev.latchkey.gateway.denylist.LocalDenylistReport;
import dev.latchkey.gateway.denylist.Shard;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.token.SessionId;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RestoreArgs;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * All that a story needs: a real Redis, a real backend, a gateway on real sockets, and a clock that stands still. Each
 * story finds Redis empty, no user signed in, and the clock where the last one left it.
 */
public final class World implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {

    public static final String ISSUER = "https://shop.example";
    public static final String ORIGIN = "https://shop.example";
    public static final Duration ACCESS = Duration.ofSeconds(30);
    public static final Duration GRACE = Duration.ofSeconds(5);
    public static final Duration ABSOLUTE = Duration.ofDays(30);

    private static final World SHARED = new World(Map.of());
    private static final Duration SOON = Duration.ofMillis(10);

    private final TestClock clock = new TestClock();
    private final List<AuditEvent> audit = new CopyOnWriteArrayList<>();
    private final Map<String, Object> overrides;
    private final Resources resources = new Resources();
    private final List<Gateway> nodes = new CopyOnWriteArrayList<>();
    private RedisProcess redis;
    private RecordingBackend backend;
    private Gateway gateway;

    /** A class and those within it, which share this. */
    private int classes;

    /** The one for stories that need no settings of their own: it is started once, and ends with the last test. */
    public static World shared() {
        return SHARED;
    }

    /** One for the stories of this class alone. */
    public World(Map<String, Object> overrides) {
        this.overrides = Map.copyOf(overrides);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (this == SHARED) {
            context.getStore(ExtensionContext.StoreScope.LAUNCHER_SESSION, ExtensionContext.Namespace.GLOBAL)
                    .computeIfAbsent(World.class, type -> start(), AutoCloseable.class);
        } else if (classes++ == 0) {
            start();
        }
    }

    private AutoCloseable start() {
        redis = RedisProcess.start();
        backend = new RecordingBackend();
        resources.write(backend.url(), clock);
        gateway = startNode();
        return this::stop;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (!redis.isRunning()) {
            redis.restart();
            nodes.stream().filter(Gateway::isRunning).forEach(Gateway::awaitRedis);
        }
        catchUp();
        redis.flush();
        backend.forget();
        forgetAudit();
        await().pollDelay(Duration.ZERO)
                .pollInterval(SOON)
                .atMost(Duration.ofSeconds(60))
                .until(() -> browser().signIn("ada", "ada").statusCode() == 200);
        redis.flush();
        forgetAudit();
    }

    /** Without those that have ended: a node is large. */
    private Gateway known(Gateway started) {
        nodes.removeIf(node -> !node.isRunning());
        nodes.add(started);
        return started;
    }

    /** Also what is counted, or it would be told in a later story. */
    public void forgetAudit() {
        RepeatedEvents repeated = gateway.bean(RepeatedEvents.class);
        repeated.stop();
        repeated.start();
        audit.clear();
    }

    /** Backends of the stories verify tokens by real time, behind which the story's may not fall. */
    private void catchUp() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        if (clock.instant().isBefore(now)) {
            clock.moveTo(now);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (this != SHARED && --classes == 0) {
            stop();
        }
    }

    private void stop() {
        gateway.close();
        backend.close();
        redis.close();
        resources.delete();
    }

    /** One more node on the same Redis, keys and clock. */
    public Gateway startNode() {
        return startNode(Map.of());
    }

    /** One more node with settings of its own. */
    public Gateway startNode(Map<String, Object> own) {
        Map<String, Object> properties = properties();
        properties.putAll(own);
        return known(Gateway.start(properties, clock, audit::add));
    }

    /** One more node with settings of its own, once it is in touch with Redis and its local copy answers alone. */
    public Gateway startFreshNode(Map<String, Object> own) {
        Gateway node = startNode(own);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> node.bean(LocalDenylistReport.class).isFresh());
        return node;
    }

    /** One more node, which waits for Redis for longer than any story lets it stand still. */
    public Gateway startPatientNode() {
        return startFreshNode(Map.of("spring.data.redis.timeout", "20s"));
    }

    /** One more node, whose own clock is so far from that of Redis. */
    public Gateway startSkewedNode(Duration skew) {
        return known(Gateway.start(properties(), clock, skew, audit::add));
    }

    public Map<String, Object> properties() {
        Map<String, Object> properties = new HashMap<>(resources.properties());
        properties.put("server.port", 0);
        properties.put("management.server.port", 0);
        properties.put("spring.data.redis.host", "127.0.0.1");
        properties.put("spring.data.redis.port", redis.port());
        properties.put("latchkey.issuer", ISSUER);
        properties.put("latchkey.public-origins", ORIGIN);
        properties.put("latchkey.token.access-ttl", ACCESS.toString());
        properties.put("latchkey.rotation.grace", GRACE.toString());
        properties.put("latchkey.cookies.prefix", "latchkey-");
        properties.put("latchkey.cookies.secure", false);
        properties.putAll(overrides);
        return properties;
    }

    public TestClock clock() {
        return clock;
    }

    public RedisProcess redis() {
        return redis;
    }

    public RecordingBackend backend() {
        return backend;
    }

    public Path folder() {
        return resources.folder();
    }

    public int port() {
        return gateway.port();
    }

    public String url() {
        return gateway.url();
    }

    /** A look at the management port. */
    public Operator operator() {
        return new Operator(gateway.managementUrl());
    }

    public Browser browser() {
        return new Browser(url());
    }

    /** A browser whose user has just signed in; the password is the name. */
    public Browser signedIn(String user) {
        Browser browser = browser();
        assertThat(browser.signIn(user, user).statusCode()).isEqualTo(200);
        return browser;
    }

    /** Lets so much time pass that access tokens of now have expired. */
    public void expireAccessToken() {
        clock.advance(ACCESS.plusSeconds(1));
    }

    public List<AuditEvent> audit() {
        return List.copyOf(audit);
    }

    public List<String> auditNames() {
        return audit.stream().map(AuditEvent::name).toList();
    }

    /** Sends a request of a signed-in Ada byte by byte. */
    public void signedInRaw(String target, String lines) {
        signedInRaw(target, lines, "close");
    }

    public void signedInRaw(String target, String lines, String connection) {
        String cookies = signedIn("ada").cookies();
        String request = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: " + connection + "\r\n" + lines
                + "Cookie: " + cookies + "\r\n\r\n";
        assertThat(RawConnection.firstStatus(port(), request)).isEqualTo(200);
    }

    /** The session id that a browser's access cookie names. */
    public String sessionOf(Browser browser) {
        return browser.session();
    }

    public int generationOf(Browser browser) {
        return Integer.parseInt(String.valueOf(record(browser).get("gen")));
    }

    public Map<String, String> record(Browser browser) {
        try (RedisClient client = RedisClient.create(redis.uri());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            return connection.sync().hgetall(key(browser));
        }
    }

    /** What is left of the session that has ended. */
    public String tombstone(Browser browser) {
        SessionId session = new SessionId(sessionOf(browser));
        try (RedisClient client = RedisClient.create(redis.uri());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            return connection.sync().hget(DenylistKeys.ended(Shard.of(session)), session.value());
        }
    }

    /** Changes one field of the session's record behind the gateway's back. */
    public void change(Browser browser, String field, String value) {
        try (RedisClient client = RedisClient.create(redis.uri());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            connection.sync().hset(key(browser), field, value);
        }
    }

    /** As if Redis had lost the session. */
    public void lose(Browser browser) {
        try (RedisClient client = RedisClient.create(redis.uri());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            connection.sync().del(key(browser));
        }
    }

    /** As if another program had written something else under the session's key. */
    public void replaceByText(Browser browser) {
        try (RedisClient client = RedisClient.create(redis.uri());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            connection.sync().set(key(browser), "junk");
        }
    }

    /** As if another program had overwritten everything with something unreadable. */
    public void spoil(boolean ofAnotherType) {
        try (RedisClient client = RedisClient.create(redis.uri());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            RedisCommands<String, String> commands = connection.sync();
            for (String key : commands.keys("*")) {
                boolean isHash = commands.type(key).equals("hash");
                if (isHash && !ofAnotherType) {
                    commands.hkeys(key).forEach(field -> commands.hset(key, field, "junk"));
                } else if (isHash || !ofAnotherType) {
                    commands.set(key, "junk");
                } else {
                    commands.del(key);
                    commands.hset(key, "junk", "junk");
                }
            }
        }
    }

    /** Runs a script beside the node, by the clock of the story. */
    public List<?> run(RedisScript<?> script, List<String> keys, Object... arguments) {
        String[] texts = Stream.concat(
                        Stream.of(arguments), Stream.of(clock.instant().toEpochMilli()))
                .map(String::valueOf)
                .toArray(String[]::new);
        try (RedisClient client = RedisClient.create(redis.uri());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            return connection
                    .sync()
                    .eval(script.getScriptAsString(), ScriptOutputType.MULTI, keys.toArray(String[]::new), texts);
        }
    }

    /** The session's record as it is now, to be put back as a failover would. */
    public byte[] dump(Browser browser) {
        try (RedisClient client = RedisClient.create(redis.uri());
                StatefulRedisConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE)) {
            return connection.sync().dump(key(browser).getBytes(StandardCharsets.UTF_8));
        }
    }

    public void restore(Browser browser, byte[] dump) {
        try (RedisClient client = RedisClient.create(redis.uri());
                StatefulRedisConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE)) {
            byte[] key = key(browser).getBytes(StandardCharsets.UTF_8);
            connection
                    .sync()
                    .restore(key, dump, RestoreArgs.Builder.ttl(ABSOLUTE).replace());
        }
    }

    /** As if an entry of the denylist had ended and been removed. */
    public void forgetEntry(String key, String field) {
        try (RedisClient client = RedisClient.create(redis.uri());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            connection.sync().hdel(key, field);
        }
    }

    /** Waits until the first use of a generation has arrived in Redis. */
    public void awaitConfirmed(Browser browser, int generation) {
        await().atMost(Duration.ofSeconds(5))
                .until(() -> !record(browser)
                        .get(Integer.toString(generation % 4))
                        .split(",", -1)[3]
                        .isEmpty());
    }

    /** The node that runs from the start on. */
    public Gateway gateway() {
        return gateway;
    }

    /** The public identity key, as an attacker would take it for a shared secret. */
    public byte[] publicKeyBytes() throws Exception {
        return publicKey().toECKey().toECPublicKey().getEncoded();
    }

    public String publicKeyId() throws Exception {
        return publicKey().getKeyID();
    }

    private JWK publicKey() throws Exception {
        return JWKSet.parse(browser().get("/.well-known/jwks.json").body())
                .getKeys()
                .get(0);
    }

    public String key(Browser browser) {
        SessionId session = new SessionId(sessionOf(browser));
        return "latchkey:session:" + Shard.of(session).tag() + ":" + session.value();
    }

    /** What the backend received, verified with the public keys as a backend would. */
    public JWTClaimsSet identityOf(RecordingBackend.Received request) {
        try {
            JWKSet keys = JWKSet.parse(browser().get("/.well-known/jwks.json").body());
            DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
            processor.setJWSKeySelector(
                    new JWSVerificationKeySelector<>(JWSAlgorithm.ES256, new ImmutableJWKSet<>(keys)));
            return processor.process(request.bearer(), null);
        } catch (Exception failure) {
            throw new AssertionError("the identity does not verify", failure);
        }
    }
}
