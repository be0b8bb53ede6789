import dev.latchkey.gateway.GatewayApplication;
import dev.latchkey.gateway.denylist.DenylistKeys;
import dev.latchkey.gateway.denylist.Shard;
import dev.latchkey.gateway.keys.AccessTokenCodec;
import dev.latchkey.gateway.pipeline.rotation.TokenMint;
import dev.latchkey.gateway.session.ClientFacts;
import dev.latchkey.gateway.session.NewSession;
import dev.latchkey.gateway.session.RedisSessionStore;
import dev.latchkey.gateway.session.SessionView;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.IdTokenClaims;
import dev.latchkey.gateway.token.RefreshToken;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.TokenId;
import dev.latchkey.gateway.user.User;
import dev.latchkey.gateway.user.UserDirectory;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Makes many sessions at once, without a sign-in for each. Called by sessions.sh and rotations.sh:
 *
 * <ul>
 *   <li>{@code users COUNT}: prints a users file
 *   <li>{@code rotating COUNT FILE [GATEWAY ARGUMENT...]}: starts sessions of these users in Redis, and writes a refresh
 *       token of each
 *   <li>{@code access COUNT FILE [GATEWAY ARGUMENT...]}: writes an access token of each of so many sessions; only the
 *       keys know them, since a node asks Redis nothing about a valid token
 *   <li>{@code denied COUNT}: prints the commands that deny as many other sessions
 * </ul>
 */
public final class Sessions {

    private static final int OF_A_USER = 100;
    private static final int AT_ONCE = 64;
    private static final long HOUR_SECONDS = 3600;
    private static final String USER = "  - { name: user%d, password: \"%s\", roles: [customer] }%n";
    private static final String HASH = "{bcrypt}$2a$10$bpgCFBDpZE.cd4Vq.vqmXudGPlvPUcdDtS5pppg1geCLizn6RH/sq";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ConfigurableApplicationContext node;

    private Sessions(ConfigurableApplicationContext node) {
        this.node = node;
    }

    public static void main(String[] arguments) throws IOException {
        int count = Integer.parseInt(arguments[1]);
        switch (arguments[0]) {
            case "users" -> printUsers(count);
            case "denied" -> printDenied(count);
            default -> {
                String[] rest = Arrays.copyOfRange(arguments, 3, arguments.length);
                try (ConfigurableApplicationContext node = SpringApplication.run(GatewayApplication.class, rest)) {
                    Sessions sessions = new Sessions(node);
                    Stream<String> tokens =
                            arguments[0].equals("access") ? sessions.access(count) : sessions.rotating(count);
                    Files.write(Path.of(arguments[2]), (Iterable<String>) tokens::iterator);
                }
            }
        }
    }

    private static void printUsers(int count) {
        System.out.println("users:");
        IntStream.range(0, count).forEach(number -> System.out.printf(USER, number, HASH));
    }

    /** One command a line, which {@code redis-cli --pipe} sends. */
    private static void printDenied(int count) {
        SplittableRandom seconds = new SplittableRandom(count);
        long now = Instant.now().getEpochSecond();
        try (PrintStream out =
                new PrintStream(new BufferedOutputStream(System.out, 1 << 16), false, StandardCharsets.US_ASCII)) {
            for (int i = 0; i < count; i++) {
                SessionId session = SessionId.random(RANDOM);
                long expires = now + HOUR_SECONDS + seconds.nextLong(HOUR_SECONDS);
                out.printf(
                        "HSET %s %s %d,%d,%d000,%d000\r%n",
                        DenylistKeys.denied(Shard.of(session)),
                        session.value(),
                        Integer.MAX_VALUE,
                        Integer.MAX_VALUE,
                        now,
                        expires);
            }
        }
    }

    private Stream<String> access(int count) {
        AccessTokenCodec codec = node.getBean(AccessTokenCodec.class);
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        return IntStream.range(0, count)
                .mapToObj(number -> codec.sign(new AccessClaims(
                                new Subject("user" + number),
                                SessionId.random(RANDOM),
                                Generation.FIRST,
                                TokenId.random(RANDOM),
                                now,
                                now.plusSeconds(HOUR_SECONDS),
                                now,
                                Roles.of(List.of("customer"))))
                        .value());
    }

    private Stream<String> rotating(int count) {
        return Flux.range(0, count)
                .flatMap(number -> begin("user" + number / OF_A_USER), AT_ONCE)
                .map(RefreshToken::value)
                .toStream();
    }

    private Mono<RefreshToken> begin(String name) {
        UserDirectory users = node.getBean(UserDirectory.class);
        return users.find(new Subject(name))
                .map(found -> found.<User>fold(user -> user, Sessions::missing, Sessions::missing))
                .flatMap(user -> node.getBean(RedisSessionStore.class)
                        .create(new NewSession(
                                user.subject(), user.credentialStamp(), new ClientFacts("bench", "127.0.0.1")))
                        .map(created -> created.<SessionView>fold(view -> view, Sessions::missing))
                        .map(view -> node.getBean(TokenMint.class)
                                .mint(view, user.roles(), IdTokenClaims.NONE, true, Optional.empty())
                                .refresh()
                                .orElseThrow()));
    }

    private static <T> T missing() {
        throw new IllegalStateException("the user or Redis is not there");
    }
}
