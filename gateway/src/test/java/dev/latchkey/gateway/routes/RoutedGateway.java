package dev.latchkey.gateway.routes;

import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.denylist.DenylistKeys;
import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.exchange.OutboundIdentity;
import dev.latchkey.gateway.pipeline.SignInAddress;
import dev.latchkey.gateway.pipeline.authorization.AccessLevel;
import dev.latchkey.gateway.pipeline.authorization.AccessRule;
import dev.latchkey.gateway.pipeline.backend.SocketLifetime;
import dev.latchkey.gateway.pipeline.chain.RouteMetadata;
import dev.latchkey.gateway.redis.Channels;
import dev.latchkey.gateway.redis.ScriptClock;
import dev.latchkey.gateway.routes.table.LiveRoutes;
import dev.latchkey.gateway.routes.table.RouteTable;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.IdentityToken;
import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.TestClaims;
import dev.latchkey.gateway.token.TokenId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.ldap.autoconfigure.LdapAutoConfiguration;
import org.springframework.boot.mongodb.autoconfigure.MongoReactiveAutoConfiguration;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcTransactionManagerAutoConfiguration;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.http.ResponseCookie;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.resources.LoopResources;

/** The gateway without its sessions: anyone who comes to a route that knows its users is {@code IDENTITY}. */
final class RoutedGateway implements AutoCloseable {

    /** A property of one that serves all clients on one event loop. */
    static final String ONE_LOOP = "test.loops=1";

    /** A property of one that has one connection to each backend on each event loop. */
    static final String ONE_CONNECTION = "latchkey.backends.max-connections=1";

    /** A property of one whose connections have the handlers of the product's own. */
    static final String WITH_LISTENER = "test.listener=true";

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Map<String, Runnable> TASKS = new ConcurrentHashMap<>();

    private final Path file;
    private final ConfigurableApplicationContext context;

    RoutedGateway(String routes, Path folder, String... properties) {
        try {
            file = Files.writeString(folder.resolve("routes.yml"), routes);
            String[] own = {
                "server.port=0",
                "server.address=127.0.0.1",
                "management.server.port=-1",
                "spring.data.redis.host=127.0.0.1",
                "latchkey.public-origins=https://shop.example",
                "latchkey.routes.file=" + file,
                "latchkey.routes.poll-interval=100ms"
            };
            this.context = new SpringApplicationBuilder(rooms(properties))
                    .run(Stream.concat(Arrays.stream(own), Arrays.stream(properties))
                            .map(property -> "--" + property)
                            .toArray(String[]::new));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Class<?>[] rooms(String... properties) {
        return Arrays.asList(properties).contains(WITH_LISTENER)
                ? new Class<?>[] {Rooms.class, Listener.class}
                : new Class<?>[] {Rooms.class};
    }

    ConfigurableApplicationContext context() {
        return context;
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    /** A file beside the tests. */
    static String routes(String name) {
        try (InputStream in = RoutedGateway.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Changes the file, at least by a remark, and waits for the table that is made of it. */
    void swap(String routes) {
        RouteTable before = table();
        try {
            Files.writeString(file, routes + "\n# after " + before.version() + "\n");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        await().atMost(LIMIT).until(() -> table() != before);
    }

    private RouteTable table() {
        return context.getBean(LiveRoutes.class).table();
    }

    /** Sends the head as it is and returns all that comes back; the head must ask to close. */
    String exchange(String head) {
        return RawConnection.exchange(port(), head);
    }

    /** A request with these header lines, each with its line end, and a body as it is. */
    String send(String method, String target, String lines, String body) {
        return exchange(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + lines + "\r\n"
                + body);
    }

    /** A GET with these header lines, each with its line end. */
    String get(String target, String lines) {
        boolean hasHost = ("\n" + lines).contains("\nHost:");
        boolean hasConnection = lines.contains("Connection:");
        return exchange("GET " + target + " HTTP/1.1\r\n" + (hasHost ? "" : "Host: localhost\r\n")
                + (hasConnection ? "" : "Connection: close\r\n") + lines + "\r\n");
    }

    /** Asks for a WebSocket and returns the answer of a gateway that refuses it. */
    String refusedSocket(String target) {
        return get(target, """
                Connection: close, Upgrade\r
                Upgrade: websocket\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                """);
    }

    /** Opens a WebSocket and returns its first message. */
    String firstMessage(String target, String lines) {
        String head = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + lines + "\r\n";
        try (RawConnection connection = new RawConnection(port()).send(head)) {
            connection.readUntil("\r\n\r\n");
            int length = connection.read(2).charAt(1);
            String longer = connection.read(length < 126 ? 0 : 2);
            return connection.read(length < 126 ? length : longer.charAt(0) * 256 + longer.charAt(1));
        }
    }

    /** The rest of a head, whose request runs this on the event loop of its client. */
    String during(Runnable task) {
        String name = "task-" + TASKS.size();
        TASKS.put(name, task);
        return "X-Task: " + name + "\r\n\r\n";
    }

    /** Runs this on the event loop of all clients, see {@link #ONE_LOOP}. */
    void onLoop(Runnable task) {
        context.getBean(ReactorResourceFactory.class)
                .getLoopResources()
                .onServer(LoopResources.DEFAULT_NATIVE)
                .execute(task);
    }

    /** Ends all WebSockets with this code. */
    void endSockets(int code) {
        context.getBean(SocketEnds.class).codes().tryEmitNext(code);
    }

    @Override
    public void close() {
        context.close();
    }

    private record SocketEnds(Sinks.Many<Integer> codes) implements SocketLifetime {

        @Override
        public Mono<Integer> endOfSocket(ServerWebExchange exchange) {
            return codes.asFlux().next();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ComponentScan({"dev.latchkey.gateway.listener", "dev.latchkey.gateway.logging"})
    @ComponentScan(
            basePackages = "dev.latchkey.gateway.shutdown",
            useDefaultFilters = false,
            includeFilters = @ComponentScan.Filter(type = FilterType.REGEX, pattern = ".*\\.Drain"))
    static class Listener {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            exclude = {
                R2dbcAutoConfiguration.class,
                R2dbcTransactionManagerAutoConfiguration.class,
                MongoReactiveAutoConfiguration.class,
                LdapAutoConfiguration.class
            })
    @ConfigurationPropertiesScan({
        "dev.latchkey.gateway.routes",
        "dev.latchkey.gateway.audit",
        "dev.latchkey.gateway.device",
        "dev.latchkey.gateway.origin",
        "dev.latchkey.gateway.listener",
        "dev.latchkey.gateway.telemetry",
        "dev.latchkey.gateway.page",
        "dev.latchkey.gateway.token",
        "dev.latchkey.gateway.pipeline.crosssite",
        "dev.latchkey.gateway.pipeline.client",
        "dev.latchkey.gateway.pipeline.forwarding",
        "dev.latchkey.gateway.pipeline.backend"
    })
    @ComponentScan(
            basePackages = {
                "dev.latchkey.gateway.routes",
                "dev.latchkey.gateway.origin",
                "dev.latchkey.gateway.page",
                "dev.latchkey.gateway.problem",
                "dev.latchkey.gateway.audit",
                "dev.latchkey.gateway.ratelimit",
                "dev.latchkey.gateway.telemetry",
                "dev.latchkey.gateway.pipeline.crosssite",
                "dev.latchkey.gateway.pipeline.extraction",
                "dev.latchkey.gateway.pipeline.client",
                "dev.latchkey.gateway.pipeline.forwarding",
                "dev.latchkey.gateway.pipeline.chain",
                "dev.latchkey.gateway.pipeline.backend",
                "dev.latchkey.gateway.pipeline.paths",
                "dev.latchkey.gateway.pipeline.cookies"
            },
            excludeFilters = @ComponentScan.Filter(type = FilterType.REGEX, pattern = ".*NewTokensAtCommit"))
    @ComponentScan(
            basePackages = "dev.latchkey.gateway.pipeline",
            useDefaultFilters = false,
            includeFilters =
                    @ComponentScan.Filter(
                            type = FilterType.REGEX,
                            pattern = "dev\\.latchkey\\.gateway\\.pipeline\\.(\\w+\\.)?"
                                    + "(GatewayHandlerMapping|CallerStickyKey|RawPathFilter"
                                    + "|CorsFilter|ErrorResponses|RefusedRequests)"))
    @ComponentScan(
            basePackages = "dev.latchkey.gateway.redis",
            useDefaultFilters = false,
            includeFilters = @ComponentScan.Filter(type = FilterType.REGEX, pattern = ".*RedisConfiguration"))
    static class Rooms {

        /** The shared loops would be closed with this context, under the servers of other tests. */
        @Bean
        ReactorResourceFactory loops(Environment environment) {
            ReactorResourceFactory loops = Gateway.ownLoops();
            if (environment.containsProperty("test.loops")) {
                loops.setLoopResourcesSupplier(() -> LoopResources.create(
                        "one", environment.getRequiredProperty("test.loops", Integer.class), true));
            }
            return loops;
        }

        @Bean
        Issuer issuer() {
            return new Issuer("https://shop.example");
        }

        @Bean
        Channels channels() {
            return DenylistKeys.CHANNELS;
        }

        @Bean
        InstantSource clock() {
            return Clock.systemUTC();
        }

        @Bean
        ScriptClock scriptClock() {
            return () -> "";
        }

        @Bean
        SocketEnds socketEnds() {
            return new SocketEnds(Sinks.many().multicast().directBestEffort());
        }

        @Bean
        SignInAddress signInAddress() {
            return (exchange, wanted) -> Mono.just("/auth/sign-in");
        }

        @Bean
        GlobalFilter everyCallerIsKnown() {
            return new OrderedGlobalFilter((exchange, chain) -> {
                String task = exchange.getRequest().getHeaders().getFirst("X-Task");
                Optional.ofNullable(task == null ? null : TASKS.get(task)).ifPresent(Runnable::run);
                if (AccessRule.of(RouteMetadata.of(exchange))
                        .filter(rule -> rule.access() == AccessLevel.PUBLIC)
                        .isPresent()) {
                    ExchangeAttribute.OUTBOUND_IDENTITY.set(exchange, OutboundIdentity.anonymous(true));
                    return chain.filter(exchange);
                }
                ServerHttpResponse response = exchange.getResponse();
                String user = exchange.getRequest().getHeaders().getFirst("X-User");
                ExchangeAttribute.OUTBOUND_IDENTITY.set(exchange, identityOf(user == null ? "ada" : user));
                response.beforeCommit(() -> Mono.fromRunnable(() -> response.addCookie(
                        ResponseCookie.from("__Host-latchkey-access", "ours").build())));
                return chain.filter(exchange);
            });
        }
    }

    private static OutboundIdentity identityOf(String user) {
        AccessClaims caller = TestClaims.access(
                new Subject(user),
                new SessionId("012345678901234567890A"),
                Generation.FIRST,
                new TokenId("abcdefghijklmnop"),
                TestClaims.times(Instant.EPOCH, Instant.EPOCH, Instant.EPOCH),
                Roles.NONE);
        return new OutboundIdentity(Optional.of(caller), Optional.of(IdentityToken.of("IDENTITY")), Map.of(), false);
    }

    /** The framework looks for the order of a filter at its class. */
    private record OrderedGlobalFilter(GlobalFilter delegate) implements GlobalFilter, Ordered {

        @Override
        public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
            return delegate.filter(exchange, chain);
        }

        @Override
        public int getOrder() {
            return -200;
        }
    }
}
