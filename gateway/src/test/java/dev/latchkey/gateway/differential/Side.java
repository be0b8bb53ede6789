package dev.latchkey.gateway.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jwt.JWTParser;
import dev.latchkey.gateway.denylist.LocalDenylistReport;
import dev.latchkey.gateway.routes.table.LiveRoutes;
import dev.latchkey.gateway.routes.table.RouteTable;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Garbage;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.NameServer;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.Resources;
import dev.latchkey.gateway.testing.TestClock;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.testing.tls.LocalCertificate;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import dev.latchkey.gateway.token.SessionId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;
import org.springframework.util.FileSystemUtils;

/** One gateway, and all that it alone has to do with: a Redis, a backend, its users' cookies, its files. */
final class Side implements AutoCloseable {

    /** The {@code X-Case} of requests that only look whether a change has come. */
    static final String LOOKS = "looks";

    /** Those of the users file. */
    static final List<String> LOCAL_USERS = List.of("ada", "bob", "root");

    static final List<String> USERS = List.of("ada", "bob", "root", CompanyProvider.USER);

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofMillis(20);
    private static final Pattern NAMED = Pattern.compile("\\{\\{(\\w+):(\\w+)(?: (\\S+) (\\S+))?}}");

    /** What lasts for the rest of a round ends with it: the next one says it a second shorter. */
    private static final int LONGEST = 3_600;

    private static final Map<String, String> HASHES = hashes();

    private final String name;
    private final Moments moments = new Moments();
    private final RedisProcess redis = RedisProcess.start("appendonly no");
    private final Map<String, Browser> browsers = new HashMap<>();
    private final Map<String, BoundClient> bound = new HashMap<>();
    private final Shared shared;
    private final WireBackend backend;
    private final Path folder;
    private final Gateway gateway;
    private final SecureListener secured;
    private final SSLSocketFactory tls;
    private final Notes notes = new Notes(moments);
    private List<String> garbage = List.of();
    private final Set<String> signedOut = new HashSet<>();
    private RawConnection other;
    private boolean isRootAdmin = true;
    private boolean hasOtherRoutes;
    private boolean hasOtherAddresses;
    private int round;

    Side(String name, Shared shared, Map<String, Object> own) {
        try {
            this.name = name;
            this.shared = shared;
            this.backend = new WireBackend(name + ".test", moments, shared.certificate());
            name(false);
            this.folder = Files.createTempDirectory("latchkey-" + name);
            Files.writeString(folder.resolve("users.yml"), users(true));
            Files.writeString(folder.resolve("routes.yml"), routes());
            Map<String, Object> properties =
                    new HashMap<>(Settings.of(folder, shared.keys().folder(), shared.certificate(), redis.port()));
            properties.putAll(SecureListener.properties(shared.certificate()));
            properties.putAll(shared.company().properties());
            properties.putAll(own);
            this.gateway = Gateway.start(properties, shared.clock(), notes);
            this.secured = new SecureListener(gateway);
            this.tls = shared.certificate().trusted().getSocketFactory();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (GeneralSecurityException failure) {
            throw new AssertionError(failure);
        }
        awaitFresh(true);
    }

    /** Another hash of the same password would be another password. */
    private static Map<String, String> hashes() {
        return LOCAL_USERS.stream().collect(Collectors.toMap(user -> user, Resources::hash));
    }

    private static String users(boolean isRootAdmin) {
        StringBuilder all = new StringBuilder("users:\n");
        for (String user : LOCAL_USERS) {
            String roles = user.equals("root") && isRootAdmin ? "customer, admin" : "customer";
            all.append("  - { name: %s, password: \"%s\", roles: [%s] }\n".formatted(user, HASHES.get(user), roles));
        }
        return all.toString();
    }

    private String routes() {
        String all = backend.named(Settings.text("routes.yml"))
                .replace("LONG", LONGEST - round % 1000 + "s")
                .replace("UNMOVED", shared.paths().equals(EndpointPaths.DEFAULT) ? "/elsewhere" : "/auth");
        return hasOtherRoutes
                ? all.replace("id: api, match: { path: /api/** }", "id: api, match: { path: /api/x }")
                        .replace("audience: api }", "audience: other }")
                : all;
    }

    int port() {
        return gateway.port();
    }

    /** Of a client that uses TLS. */
    int securePort() {
        return secured.port();
    }

    /** For clients, which may resume what they had with it before. */
    SSLSocketFactory tls() {
        return tls;
    }

    Moments moments() {
        return moments;
    }

    WireBackend backend() {
        return backend;
    }

    Notes notes() {
        return notes;
    }

    RedisProcess redis() {
        return redis;
    }

    Browser browser(String user) {
        return browsers.computeIfAbsent(user, unused -> newBrowser());
    }

    private Browser newBrowser() {
        return new Browser(gateway.url(), shared.paths());
    }

    /** The user's client with a key signs in, unless its token is of now or nobody can. */
    void bind(String user) {
        if (gateway.bean(LocalDenylistReport.class).isFresh()) {
            boundClient(user).signIn();
        }
    }

    /** The same with a new client, whose session nobody has ended. */
    void bindAnew(String user) {
        bound.remove(user);
        bind(user);
    }

    private BoundClient boundClient(String user) {
        return bound.computeIfAbsent(
                user, unused -> new BoundClient(user, gateway.url(), shared.paths(), shared.clock()));
    }

    /** Each user with a session of their own. */
    void signIn(String user) {
        await().pollInterval(SOON).atMost(LIMIT).until(() -> {
            browsers.put(user, newBrowser());
            return user.equals(CompanyProvider.USER)
                    ? shared.company().signIn(browser(user))
                    : browser(user).signIn(user, user).statusCode() == 200;
        });
        if (user.equals("ada")) {
            makeGarbage();
        }
    }

    private void makeGarbage() {
        try {
            garbage = new ArrayList<>(Garbage.of(token("access", "ada"), token("refresh", "ada")));
            garbage.addAll(HostileTokens.of(shared.keys().folder(), token("access", "ada"), token("refresh", "ada")));
        } catch (ParseException | JOSEException failure) {
            throw new AssertionError(failure);
        }
    }

    void signOut(String user, boolean everywhere) {
        String target = shared.paths().of(Endpoint.SIGN_OUT) + (everywhere ? "?everywhere=true" : "");
        Browser copy = browser(user).copy();
        signedOut.addAll(Stream.of("access", "refresh")
                .map(kind -> sessionOf(token(kind, user)))
                .toList());
        assertThat(copy.sendOnly(copy.request(target).POST(BodyPublishers.noBody())))
                .matches(answer -> answer.statusCode() < 500, user + " signed out");
    }

    /**
     * Whether a sign-out ended the session that a backend was told of. Whose sign-out does not matter: jars are mixed
     * up on purpose, so that two users may have cookies of one session.
     */
    boolean isSignedOut(Arrival arrival) {
        return signedOut.contains(arrival.session());
    }

    private static String sessionOf(String token) {
        try {
            return new SessionId(JWTParser.parse(token).getJWTClaimsSet().getStringClaim("sid"))
                    .publicId()
                    .value();
        } catch (ParseException none) {
            return "none";
        }
    }

    /**
     * The same text as it is on this side: {@code {{access:ada}}}, {@code {{cookies:ada}}}, {@code {{garbage:7}}}; of a
     * client with a key {@code {{bound:ada}}}, {@code {{proof:ada GET https://shop.example/api/x}}} and, for the last
     * of these, {@code {{replay:ada}}}.
     */
    String filled(String template) {
        return NAMED.matcher(template).replaceAll(match -> Matcher.quoteReplacement(named(match)));
    }

    private String named(MatchResult match) {
        return switch (match.group(1)) {
            case "cookies" -> browser(match.group(2)).cookies();
            case "garbage" -> garbage.get(Integer.parseInt(match.group(2)) % garbage.size());
            case "bound" -> boundClient(match.group(2)).access();
            case "proof" -> boundClient(match.group(2)).proof(match.group(3), match.group(4));
            case "replay" -> boundClient(match.group(2)).last();
            default -> token(match.group(1), match.group(2));
        };
    }

    private String token(String kind, String user) {
        return browser(user).jar().entrySet().stream()
                .filter(cookie -> cookie.getKey().startsWith("latchkey-" + kind))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("none");
    }

    /** What a browser does with the cookies of an answer. */
    void keep(String user, Reply reply) {
        Map<String, String> jar = new TreeMap<>(browser(user).jar());
        for (String line : reply.fields()) {
            String cookie = line.matches("(?i:set-cookie): latchkey-.*") ? line.substring(12) : "";
            String[] pair = cookie.split(";", -1)[0].split("=", 2);
            if (cookie.contains("Max-Age=0;")) {
                jar.remove(pair[0]);
            } else if (!cookie.isEmpty()) {
                jar.put(pair[0], pair[1]);
            }
        }
        browser(user).putBack(jar);
    }

    /** Through the same gateway, on a connection that is kept. */
    void roundTrip() {
        String request = "GET /looks HTTP/1.1\r\nHost: shop.example\r\n\r\n";
        if (other == null) {
            other = new RawConnection(port());
        }
        other.send(request).answer();
    }

    /** Begins to stop: comes back when idle connections are closed, with what completes at the end of it. */
    CompletableFuture<Void> stop() {
        roundTrip();
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(gateway::close);
        assertThat(other.isEndedByServer()).as("an idle connection is closed").isTrue();
        return stopped.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    boolean isRootAdmin() {
        return isRootAdmin;
    }

    /** A role that was withdrawn is missed at once; one that was given is had from the next sign-in on. */
    void changeRoles(boolean isAdmin) {
        if (isRootAdmin == isAdmin) {
            return;
        }
        signIn("root");
        isRootAdmin = isAdmin;
        write("users.yml", users(isRootAdmin));
        await().pollInterval(SOON).atMost(LIMIT).until(() -> {
            if (isRootAdmin) {
                signIn("root");
            }
            Browser root = browser("root");
            HttpRequest.Builder look = root.request("/admin/x").header("X-Case", LOOKS);
            return root.sendOnly(look.GET()).statusCode() == (isRootAdmin ? 200 : 403);
        });
    }

    /** From one table to another, or back. */
    void changeRoutes() {
        load(!hasOtherRoutes);
    }

    /** The routes of the beginning, which know nothing of what came of requests to their backends. */
    void renewRoutes() {
        round++;
        name(false);
        load(false);
        awaitAddresses();
    }

    private void load(boolean areOthers) {
        hasOtherRoutes = areOthers;
        RouteTable before = table();
        write("routes.yml", routes());
        await().pollInterval(SOON).atMost(LIMIT).until(() -> table() != before);
    }

    /** From two addresses of the backend's name to two others, one of them new, or back. */
    void changeAddresses() {
        name(!hasOtherAddresses);
        awaitAddresses();
    }

    private void name(boolean areOthers) {
        hasOtherAddresses = areOthers;
        shared.names().addresses(backend.name(), addresses().toArray(String[]::new));
    }

    private List<String> addresses() {
        return hasOtherAddresses ? WireBackend.ADDRESSES.subList(1, 3) : WireBackend.ADDRESSES.subList(0, 2);
    }

    private void awaitAddresses() {
        await().pollInterval(SOON).atMost(LIMIT).until(() -> addressesOfName().equals(addresses()));
    }

    private List<String> addressesOfName() {
        return table().routes().stream()
                .filter(route -> route.entry().id().equals("by-name"))
                .flatMap(route -> route.targets().orElseThrow().all().stream())
                .map(target -> target.found().orElseThrow().getAddress().getHostAddress())
                .toList();
    }

    /** On both sides at once. */
    void changeKeys() {
        shared.keys().change(this);
    }

    void awaitKeys(int count) {
        await().pollInterval(SOON).atMost(LIMIT).until(() -> keys() == count);
    }

    private RouteTable table() {
        return gateway.bean(LiveRoutes.class).table();
    }

    private void write(String file, String text) {
        try {
            Files.writeString(folder.resolve(file), text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private int keys() {
        return newBrowser().get("/.well-known/jwks.json").body().split("\"kid\"", -1).length - 1;
    }

    void awaitFresh(boolean isFresh) {
        await().pollInterval(SOON)
                .atMost(LIMIT)
                .until(() -> gateway.bean(LocalDenylistReport.class).isFresh() == isFresh);
    }

    /** How many requests the lane has forwarded. */
    double onLane() {
        return counters("latchkey.lane.requests").mapToDouble(Counter::count).sum();
    }

    /** How many requests were let in or refused, by how, and how many problems were sent, by their names. */
    Map<String, Double> counts() {
        return Stream.of("latchkey.admissions", "latchkey.problems")
                .flatMap(this::counters)
                .collect(Collectors.toMap(counter -> counter.getId().getTags().toString(), Counter::count));
    }

    private Stream<Counter> counters(String meter) {
        return gateway.bean(MeterRegistry.class).find(meter).counters().stream();
    }

    @Override
    public String toString() {
        return name;
    }

    @Override
    public void close() {
        try {
            if (other != null) {
                other.close();
            }
            gateway.close();
            secured.close();
            backend.close();
            redis.close();
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What both sides have to do with. */
    record Shared(
            KeyRing keys,
            LocalCertificate certificate,
            TestClock clock,
            NameServer names,
            EndpointPaths paths,
            CompanyProvider company) {}
}
