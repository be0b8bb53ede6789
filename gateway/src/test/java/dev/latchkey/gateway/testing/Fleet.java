package dev.latchkey.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.audit.AuditEvent;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** Several gateway nodes with one clock on a Redis of any kind, and a backend behind them. */
public final class Fleet implements AutoCloseable {

    public static final Duration ACCESS = Duration.ofSeconds(30);
    static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final TestClock clock = new TestClock();
    private final Resources resources = new Resources();
    private final RecordingBackend backend = new RecordingBackend();
    private final List<AuditEvent> audit = new CopyOnWriteArrayList<>();
    private final Map<String, Object> properties;
    private final List<Gateway> nodes;

    private Fleet(int count, Map<String, Object> redis) {
        resources.write(backend.url(), clock);
        properties = properties(redis);
        nodes = IntStream.range(0, count)
                .mapToObj(node -> Gateway.start(properties, clock, audit::add))
                .toList();
        awaitSignIn();
    }

    public static Fleet start(int count, Map<String, Object> redis) {
        return new Fleet(count, redis);
    }

    private Map<String, Object> properties(Map<String, Object> redis) {
        Map<String, Object> properties = new HashMap<>(resources.properties());
        properties.put("server.port", 0);
        properties.put("management.server.port", 0);
        properties.put("latchkey.issuer", World.ISSUER);
        properties.put("latchkey.public-origins", World.ORIGIN);
        properties.put("latchkey.token.access-ttl", ACCESS.toString());
        properties.put("latchkey.rotation.grace", GRACE.toString());
        properties.put("latchkey.cookies.prefix", "latchkey-");
        properties.put("latchkey.cookies.secure", false);
        properties.putAll(redis);
        return properties;
    }

    private void awaitSignIn() {
        for (Gateway node : nodes) {
            await().atMost(LIMIT)
                    .until(() -> new Browser(node.url()).signIn("bob", "bob").statusCode() == 200);
        }
        audit.clear();
    }

    public Gateway node(int number) {
        return nodes.get(number);
    }

    public int size() {
        return nodes.size();
    }

    /** One more node, which is not counted among these. */
    public Gateway startNode() {
        return Gateway.start(properties, clock, audit::add);
    }

    public TestClock clock() {
        return clock;
    }

    public List<String> auditNames() {
        return audit.stream().map(AuditEvent::name).toList();
    }

    /** A browser before the first node, whose user has just signed in; the password is the name. */
    public Browser signedIn(String user) {
        Browser browser = new Browser(nodes.get(0).url());
        assertThat(browser.signIn(user, user).statusCode()).isEqualTo(200);
        return browser;
    }

    public List<Browser> signedIn(String user, int count) {
        List<Browser> browsers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            browsers.add(signedIn(user));
        }
        return browsers;
    }

    /** Lets so much time pass that access tokens of now have expired. */
    public void expireAccessTokens() {
        clock.advance(ACCESS.plusSeconds(1));
    }

    /** Sends to one node after the other, and the browser keeps what it is given. */
    public HttpResponse<String> get(Browser browser, int node, String path) {
        Browser there = browser.at(nodes.get(node).url());
        HttpResponse<String> answer = there.get(path);
        browser.putBack(there.jar());
        return answer;
    }

    @Override
    public void close() {
        nodes.forEach(Gateway::close);
        backend.close();
        resources.delete();
    }
}
