import dev.latchkey.gateway.GatewayApplication;
import dev.latchkey.gateway.crypto.NativeSignatures;
import dev.latchkey.gateway.denylist.DenylistKeys;
import dev.latchkey.gateway.denylist.Shard;
import dev.latchkey.gateway.device.DeviceChallenges;
import dev.latchkey.gateway.device.DeviceProof;
import dev.latchkey.gateway.keys.AccessTokenCodec;
import dev.latchkey.gateway.keys.RefreshTokenCodec;
import dev.latchkey.gateway.pipeline.rotation.Rotation;
import dev.latchkey.gateway.pipeline.rotation.RotationOutcome;
import dev.latchkey.gateway.pipeline.rotation.RotationOutcome.Rotated;
import dev.latchkey.gateway.pipeline.rotation.TokenMint;
import dev.latchkey.gateway.proof.ProofKey;
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
import io.jsonwebtoken.Jwts;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPoint;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Makes many sessions at once, without a sign-in for each. Called by sessions.sh, rotations.sh and renewals.sh:
 *
 * <ul>
 *   <li>{@code users COUNT}: prints a users file for so many sessions
 *   <li>{@code rotating COUNT FILE [GATEWAY ARGUMENT...]}: starts sessions of these users in Redis, and writes a refresh
 *       token of each
 *   <li>{@code bound COUNT FILE [GATEWAY ARGUMENT...]}: the same, each bound to a key of its own, and behind its token its
 *       public id and, signed with the key, the challenges of its next {@code PROOFS} rotations
 *   <li>{@code access COUNT FILE [GATEWAY ARGUMENT...]}: writes an access token of each of so many sessions; only the
 *       keys know them, since a node asks Redis nothing about a valid token
 *   <li>{@code denied COUNT}: prints the commands that deny as many other sessions
 * </ul>
 */
public final class Sessions {

    /** A script begins up to three such sets, together fewer than a user may have. */
    private static final int OF_A_USER = 30;
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
                    Stream<String> tokens = switch (arguments[0]) {
                        case "access" -> sessions.access(count);
                        case "bound" -> sessions.bound(count, Integer.parseInt(System.getenv("PROOFS")));
                        default -> sessions.rotating(count);
                    };
                    Files.write(Path.of(arguments[2]), (Iterable<String>) tokens::iterator);
                }
            }
        }
    }

    private static void printUsers(int count) {
        System.out.println("users:");
        IntStream.rangeClosed(0, count / OF_A_USER).forEach(number -> System.out.printf(USER, number, HASH));
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

    /** Issued in an hour, since a node refuses tokens that are older than those it issues live, as short as that may be. */
    private Stream<String> access(int count) {
        AccessTokenCodec codec = node.getBean(AccessTokenCodec.class);
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Instant end = now.plusSeconds(HOUR_SECONDS);
        return IntStream.range(0, count)
                .mapToObj(number -> codec.sign(new AccessClaims(
                                new Subject("user" + number),
                                SessionId.random(RANDOM),
                                Generation.FIRST,
                                TokenId.random(RANDOM),
                                end,
                                end,
                                now,
                                Roles.of(List.of("customer")),
                                IdTokenClaims.NONE,
                                false,
                                Optional.empty()))
                        .value());
    }

    private Stream<String> rotating(int count) {
        return Flux.range(0, count)
                .flatMap(number -> begin("user" + number / OF_A_USER), AT_ONCE)
                .map(RefreshToken::value)
                .toStream();
    }

    private Stream<String> bound(int count, int proofs) {
        return Flux.range(0, count)
                .flatMap(
                        number -> begin("user" + number / OF_A_USER)
                                .publishOn(Schedulers.parallel())
                                .flatMap(token -> bind(token, proofs)),
                        AT_ONCE)
                .toStream();
    }

    private Mono<String> bind(RefreshToken token, int proofs) {
        KeyPair keys = Jwts.SIG.ES256.keyPair().build();
        ProofKey key = ProofKey.ofPoint(compressed((ECPublicKey) keys.getPublic())).orElseThrow();
        return node.getBean(RefreshTokenCodec.class)
                .verify(token)
                .fold(
                        valid -> node.getBean(Rotation.class).rotate(valid.claims(), DeviceProof.ofRegistration(key)),
                        expired -> Sessions.<Mono<RotationOutcome>>missing(),
                        invalid -> Sessions.<Mono<RotationOutcome>>missing())
                .publishOn(Schedulers.parallel())
                .map(outcome -> outcome.<Rotated>fold(rotated -> rotated, refused -> missing(), Sessions::missing))
                .map(rotated -> line(rotated, keys.getPrivate(), proofs));
    }

    private String line(Rotated rotated, PrivateKey key, int proofs) {
        SessionId session = rotated.pair().claims().session();
        DeviceChallenges challenges = node.getBean(DeviceChallenges.class);
        int first = rotated.pair().claims().gen();
        return rotated.pair().refresh().orElseThrow().value()
                + " "
                + session.publicId().value()
                + IntStream.range(first, first + proofs)
                        .mapToObj(generation -> challenges.ofRenewal(session, new Generation(generation)))
                        .map(challenge -> " " + signed(challenge, key))
                        .collect(Collectors.joining());
    }

    private static String signed(String challenge, PrivateKey key) {
        return Jwts.builder()
                .provider(NativeSignatures.provider().orElse(null))
                .header()
                .type("dbsc+jwt")
                .and()
                .id(challenge)
                .signWith(key, Jwts.SIG.ES256)
                .compact();
    }

    /** SEC 1 section 2.3.3. */
    private static byte[] compressed(ECPublicKey key) {
        ECPoint point = key.getW();
        byte[] x = point.getAffineX().toByteArray();
        byte[] compressed = new byte[ProofKey.POINT_BYTES];
        int length = Math.min(x.length, ProofKey.POINT_BYTES - 1);
        System.arraycopy(x, x.length - length, compressed, compressed.length - length, length);
        compressed[0] = (byte) (point.getAffineY().testBit(0) ? 3 : 2);
        return compressed;
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
