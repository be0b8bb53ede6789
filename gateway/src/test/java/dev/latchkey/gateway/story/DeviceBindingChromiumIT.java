package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import com.nimbusds.jwt.SignedJWT;
import dev.latchkey.gateway.keys.IdentityAlgorithm;
import dev.latchkey.gateway.keys.KeyDirectory;
import dev.latchkey.gateway.signin.provider.TestProviders;
import dev.latchkey.gateway.testing.BoundChromium;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.Relay;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.testing.tls.LocalCertificate;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.convert.DurationStyle;

/**
 * Chromium, with keys in software, before a node with TLS and a second one: a person signs in by the page, and from
 * there the browser binds and renews by itself. Each test has a new profile, because Chromium signs about six times
 * only within some minutes.
 */
final class DeviceBindingChromiumIT {

    @RegisterExtension
    static final World WORLD =
            new World(Map.of("latchkey.device-binding", "when-offered", "latchkey.token.access-ttl", "10m"));

    /** So long that Chromium renews by itself in no test: it does so some time before a cookie ends. */
    private static final Duration ACCESS_TTL = Duration.ofMinutes(10);

    private static final String ACCESS = "latchkey-access";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Asks four times a second, for as long as it is asked to, and keeps each status. */
    private static final String ASK_ON = """
            () => {
              window.statuses = [];
              window.asking = setInterval(async () => {
                const status = await fetch('/api/x').then(answer => answer.status, failure => 0);
                window.statuses.push(status);
              }, 250);
            }
            """;

    /** How long Redis is down. */
    private static final Duration OUTAGE = duration("latchkey.device.outage", "3s");

    /** How often a page that stays open has its cookie renewed, which it does some time before that ends. */
    private static final int RENEWALS = Integer.getInteger("latchkey.device.renewals", 1);

    /** So often a page has asked when it is looked at. */
    private static final int ASKED = 8;

    private static final Duration OPEN_TTL = duration("latchkey.device.access-ttl", "20s");

    @TempDir
    private static Path folder;

    private static LocalCertificate certificate;

    private Gateway node;
    private Relay front;
    private BoundChromium chromium;
    private Page page;

    private static Duration duration(String property, String usual) {
        return DurationStyle.detectAndParse(System.getProperty(property, usual));
    }

    @BeforeAll
    static void makeCertificate() {
        certificate = LocalCertificate.in(folder);
    }

    @BeforeEach
    void signIn(@TempDir Path profile) {
        node = startNode(Map.of());
        front = Relay.to(node.port());
        chromium = BoundChromium.at(front.port(), certificate, profile);
        page = chromium.page();
        page.navigate(World.ORIGIN + "/auth/sign-in?return=/open/x");
        page.fill("#username", "ada");
        page.fill("#password", "ada");
        page.click("button");
        page.waitForURL("**/open/x");
        await().atMost(LIMIT).until(() -> WORLD.auditNames().contains("session-bound"));
        await().atMost(LIMIT).until(() -> generation() == 2);
    }

    @AfterEach
    void stop() {
        if (chromium != null) {
            chromium.close();
        }
        front.close();
        node.close();
    }

    private static Gateway startNode(Map<String, Object> own) {
        Map<String, Object> properties = new HashMap<>(own);
        properties.putAll(Map.of(
                "server.ssl.bundle", "front",
                "spring.ssl.bundle.pem.front.keystore.certificate", "file:" + certificate.certificate(),
                "spring.ssl.bundle.pem.front.keystore.private-key", "file:" + certificate.key()));
        return WORLD.startFreshNode(properties);
    }

    private int generation() {
        return WORLD.generationOf(copied());
    }

    /** Another client with the same cookies. */
    private Browser copied() {
        Browser thief = WORLD.browser();
        thief.putBack(chromium.cookies());
        return thief;
    }

    /** The access token ends, and with it the cookie. */
    private void expire() {
        WORLD.clock().advance(ACCESS_TTL);
        chromium.drop(ACCESS);
    }

    @Test
    void pageWhenAccessTokensEndThenItNoticesNothing() {
        for (int generation = 3; generation < 6; generation++) {
            expire();

            assertThat(BoundChromium.fetch(page, "/api/x")).isEqualTo(200);

            assertThat(generation()).isEqualTo(generation);
        }
        assertThat(challenged()).as("each challenge was sent ahead").isZero();
        assertThat(WORLD.auditNames()).doesNotContain("proof-missing", "session-reused", "refresh-stale");
    }

    /** How often the node had to send a challenge by a 403, which costs the browser one more request. */
    private double challenged() {
        return node
                .bean(MeterRegistry.class)
                .find("latchkey.problems")
                .tag("problem", "proof-refused")
                .counters()
                .stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Test
    void tabsWhenTheirAccessTokenEndsThenOneRenewalServesAll() {
        List<Page> tabs = List.of(page, chromium.page(), chromium.page());
        tabs.forEach(tab -> tab.navigate(World.ORIGIN + "/open/x"));
        expire();

        tabs.forEach(tab -> tab.evaluate("() => { window.asked = fetch('/api/x').then(answer => answer.status); }"));

        assertThat(tabs)
                .allSatisfy(
                        tab -> assertThat(tab.evaluate("() => window.asked")).isEqualTo(200));
        assertThat(generation()).isEqualTo(3);
    }

    /** Its connections are cut, and new ones lead to the other. */
    @Test
    void browserWhenItsNodeIsKilledThenAnotherRenews() {
        try (Gateway other = startNode(Map.of())) {
            expire();
            front.lead(other.port());
            node.kill();

            assertThat(BoundChromium.fetch(page, "/api/x")).isEqualTo(200);

            assertThat(generation()).isEqualTo(3);
        }
    }

    /** The tokens have been rotated, and the node dies before it hears of that. */
    @Test
    void browserWhenItsNodeIsKilledWhileItRenewsThenAnotherAnswersTheSameProof() {
        try (Relay toRedis = Relay.to(WORLD.redis().port());
                Gateway dying = startNode(
                        Map.of("spring.data.redis.port", toRedis.port(), "spring.data.redis.timeout", "20s"));
                Gateway other = startNode(Map.of())) {
            Browser named = copied();
            front.lead(dying.port());
            node.kill();
            assertThat(BoundChromium.fetch(page, "/open/x")).isEqualTo(200);
            expire();
            toRedis.loseAnswersFrom(WORLD.record(named).get("key"));
            page.evaluate("() => { window.asked = fetch('/api/x').then(answer => answer.status, failure => 0); }");
            await().atMost(LIMIT).until(() -> WORLD.generationOf(named) == 3);

            front.lead(other.port());
            dying.kill();

            assertThat(page.evaluate("() => window.asked")).isEqualTo(200);
            assertThat(generation()).isEqualTo(3);
            assertNobodySignedInAgain();
        }
    }

    @Test
    void browserWhenRedisIsDownThenOnlyCallsDuringTheOutageFail() {
        expire();
        WORLD.redis().kill();
        page.evaluate(ASK_ON);
        await().atMost(OUTAGE.plus(LIMIT)).pollDelay(OUTAGE).until(() -> asked().size() > 1);

        WORLD.redis().restart();

        await().atMost(LIMIT).until(() -> asked().contains(200));
        int recovered = asked().indexOf(200);
        await().atMost(LIMIT).until(() -> asked().size() > recovered + ASKED);
        List<Integer> all = asked();
        assertThat(all.subList(0, recovered))
                .as("also while it waits before it tries again")
                .containsOnly(503);
        assertThat(all.subList(recovered, all.size())).containsOnly(200);
        assertThat(generation()).isEqualTo(3);
        // A call in those seconds comes without an access token, and may well be told of as a proof that is missing.
        assertThat(WORLD.auditNames())
                .containsOnlyOnce("signed-in")
                .doesNotContain("session-revoked", "session-reused", "refresh-stale");
    }

    @Test
    void browserWhenTheKeysRollOverBetweenRenewalsThenItNoticesNothing() {
        String before = keyOfAccess();
        KeyDirectory.create(WORLD.folder().resolve("keys"), IdentityAlgorithm.DEFAULT, WORLD.clock());
        await().atMost(LIMIT)
                .until(() -> BoundChromium.text(page, "/.well-known/jwks.json").split("\"kid\"", -1).length > 2);
        WORLD.clock().advance(KeyDirectory.ACTIVATION_DELAY.minus(ACCESS_TTL).plusSeconds(1));
        for (int generation = 3; generation < 5; generation++) {
            expire();

            assertThat(BoundChromium.fetch(page, "/api/x")).isEqualTo(200);

            assertThat(generation()).isEqualTo(generation);
            assertThat(keyOfAccess()).isNotEqualTo(before);
        }
        assertThat(challenged()).as("a challenge of the key before is good").isZero();
        assertNobodySignedInAgain();
    }

    private String keyOfAccess() {
        try {
            return SignedJWT.parse(chromium.cookies().get(ACCESS)).getHeader().getKeyID();
        } catch (ParseException none) {
            throw new AssertionError(none);
        }
    }

    @Test
    void pageWhenItStaysOpenThenItsCookieIsRenewedInTime() {
        Browser named = copied();
        try (Gateway brief = startNode(Map.of("latchkey.token.access-ttl", OPEN_TTL))) {
            front.lead(brief.port());
            node.kill();
            expire();
            assertThat(BoundChromium.fetch(page, "/api/x")).isEqualTo(200);
            WORLD.clock().run();
            page.evaluate(ASK_ON);

            await().atMost(OPEN_TTL.multipliedBy(RENEWALS).plus(LIMIT))
                    .until(() -> WORLD.generationOf(named) >= 3 + RENEWALS && asked().size() > ASKED);

            assertThat(asked()).containsOnly(200);
            assertNobodySignedInAgain();
        } finally {
            WORLD.clock().stand();
        }
    }

    /** On its way the cookies are held back from the renewal that it begins, as SameSite says. */
    @Test
    void linkWhenOfAnotherSiteThenItLeadsInSignedIn() {
        Page elsewhere = chromium.page();
        elsewhere.navigate(WORLD.backend().url() + "/elsewhere");
        expire();

        elsewhere.evaluate("place => { location.href = place; }", World.ORIGIN + "/api/x");

        elsewhere.waitForURL(World.ORIGIN + "/**");
        await().atMost(LIMIT).until(() -> generation() == 3);
        elsewhere.waitForURL(World.ORIGIN + "/api/x");
        assertThat(elsewhere.textContent("body")).isEqualTo("ok");
        assertThat(WORLD.auditNames()).containsOnlyOnce("signed-in");
    }

    @Test
    void signInWhenByAProviderThenBoundToo() {
        try (StrictProvider provider = new StrictProvider(() -> WORLD.clock().instant());
                Gateway joined = startNode(TestProviders.properties(provider))) {
            provider.signIn("ada-1", Map.of("name", "Ada"));
            front.lead(joined.port());
            page.evaluate("() => fetch('/auth/sign-out', {method: 'POST'})");
            WORLD.forgetAudit();
            node.kill();

            await().atMost(LIMIT).until(() -> {
                page.navigate(World.ORIGIN + "/auth/providers/strict?return=/open/x");
                return page.url().endsWith("/open/x");
            });

            await().atMost(LIMIT).until(() -> WORLD.auditNames().contains("session-bound"));
            expire();
            assertThat(BoundChromium.fetch(page, "/api/x")).isEqualTo(200);
            assertThat(BoundChromium.text(page, "/auth/session")).contains("strict|ada-1", "\"deviceBound\":true");
            assertThat(generation()).isEqualTo(3);
        }
    }

    private List<Integer> asked() {
        return ((List<?>) page.evaluate("() => window.statuses"))
                .stream().map(Integer.class::cast).toList();
    }

    private static void assertNobodySignedInAgain() {
        assertThat(WORLD.auditNames())
                .containsOnlyOnce("signed-in")
                .doesNotContain("proof-missing", "session-revoked", "session-reused", "refresh-stale");
    }

    @Test
    void cookiesWhenCopiedThenTheyOpenNothingOnceTheAccessTokenHasEnded() {
        Browser thief = copied();
        assertThat(thief.get("/api/x").statusCode())
                .as("minutes of an access token")
                .isEqualTo(200);
        expire();

        assertThat(thief.get("/api/x").statusCode()).isEqualTo(401);

        assertThat(WORLD.auditNames()).contains("proof-missing");
        assertThat(BoundChromium.fetch(page, "/api/x")).as("the owner").isEqualTo(200);
        assertThat(copied().get("/api/x").statusCode()).as("with the new token").isEqualTo(200);
        assertThat(thief.get("/api/x").statusCode()).as("with the old one").isEqualTo(401);
    }
}
