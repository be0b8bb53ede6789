package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a route matches by beside its path, and how it changes what passes, over real sockets. */
final class MatchAndRewriteIT {

    private static final int CLIENTS = 400;

    @TempDir
    private static Path folder;

    private static EchoBackend backend;
    private static RoutedGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        backend = new EchoBackend();
        try (InputStream in = MatchAndRewriteIT.class.getResourceAsStream("matching-routes.yml")) {
            String routes = new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("BACKEND", backend.address());
            gateway = new RoutedGateway(routes, folder, "latchkey.trusted-proxies=127.0.0.0/8");
        }
    }

    @AfterAll
    static void stop() {
        gateway.close();
        backend.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/hosts              | Host: a.shop.example              | /below",
                "/hosts              | Host: b.a.SHOP.example:8080       | /below",
                "/hosts              | Host: shop.example                | /rest",
                "/hosts              | Host: ashop.example               | /rest",
                "/hosts              | Host: .shop.example               | /rest",
                "/hosts              | Host: One.example:8080            | /several",
                "/hosts              | Host: a.b.two.example             | /several",
                "/hosts              | Host: [::1]:8080                  | /several",
                "/hosts              | Host: two.example                 | /rest",
                "/hosts              | Host: a.one.example               | /rest",
                "/headers            | X-Version: 2                      | /exact",
                "/headers            | x-version: 2                      | /exact",
                "/headers            | X-Version: 22                     | /rest",
                "/headers            | X-Trace: 0aF1-x                   | /rest",
                "/headers            | X-Trace: 0af1-x                   | /fits",
                "/headers            | X-Trace: y0af1-x                  | /rest",
                "/headers            | X-Beta:                           | /present",
                "/headers            | X-Beta: anything                  | /present",
                "/headers            | X-Other: 1                        | /rest",
                "/query?version=2&debug=1       | X: 1                   | /exact",
                "/query?debug&version=%32       | X: 1                   | /exact",
                "/query?version=2               | X: 1                   | /rest",
                "/query?version=v3              | X: 1                   | /fits",
                "/query?version=v5              | X: 1                   | /rest",
                "/query                         | X: 1                   | /absent",
                "/query?Version=2               | X: 1                   | /absent",
                "/drained                       | X: 1                   | /always",
                "/v/12/a.txt                    | X: 1                   | /v/12/a.txt",
                "/v/1x/a.txt                    | X: 1                   | /rest",
                "/a/b/c%2Dd/?q=%20              | X: 1                   | /new/place/b/c%2Dd/?q=%20",
                "/a/b                           | X: 1                   | /new/place/b",
                "/gone                          | X: 1                   | /kept",
                "/gone/                         | X: 1                   | /kept/",
                "/gone/x                        | X: 1                   | /kept/x",
                "/added/x                       | X: 1                   | /v%32/added/x",
            })
    void routeWhenRequestThenByTheFile(String target, String line, String seen) {
        String answer = gateway.get(target, line + "\r\n");

        String query = target.contains("?") && !seen.contains("?") ? target.substring(target.indexOf('?')) : "";
        assertThat(answer).contains("GET " + seen + query + "\n").containsIgnoringCase("x-by: defaults");
    }

    @Test
    void hostWhenTheRouteNamesOneThenTheBackendGetsIt() {
        assertThat(gateway.get("/named", "Host: shop.example\r\n"))
                .contains("\nhost: inside.example:8443\n", "\nX-Forwarded-Host: shop.example\n");
    }

    @Test
    void headersWhenOneSpeaksAgainstThenNotTaken() {
        assertThat(gateway.get("/headers", "X-Beta: 1\r\nX-Old: 1\r\n")).contains("GET /rest\n");
    }

    @Test
    void weightWhenManyClientsThenDividedAndEachStays() {
        int steady = 0;
        for (int client = 0; client < CLIENTS; client++) {
            String first = gateway.get("/canary", "X-Forwarded-For: 2001:db8::" + Integer.toHexString(client) + "\r\n");
            steady += first.contains("GET /steady\n") ? 1 : 0;
            assertThat(first).doesNotContain("GET /rest");
        }

        assertThat(steady).isBetween(CLIENTS * 65 / 100, CLIENTS * 85 / 100);
    }

    @Test
    void weightWhenTheUserIsKnownThenStaysFromEveryAddress() {
        String first = place("ada", "203.0.113.1");
        for (int address = 2; address < 30; address++) {
            assertThat(place("ada", "203.0.113." + address)).isEqualTo(first);
        }
        boolean moves = false;
        for (int user = 0; user < 30; user++) {
            moves |= !place("user" + user, "203.0.113.1").equals(first);
        }

        assertThat(moves).isTrue();
    }

    private static String place(String user, String address) {
        String claims = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(("{\"iss\":\"x\",\"sub\":\"" + user + "\"}").getBytes(StandardCharsets.UTF_8));
        String answer = gateway.get(
                "/canary", "X-Forwarded-For: " + address + "\r\nAuthorization: Bearer e30." + claims + ".sig\r\n");
        return answer.contains("GET /steady\n") ? "steady" : "new";
    }

    @Test
    void headersWhenChangedThenBothSidesSeeIt() {
        String answer = gateway.get("/changed/x", "X-Secret: 1\r\nX-Tenant: red\r\nUser-Agent: me\r\n");

        assertThat(answer)
                .contains("\nx-tenant: blue\n", "\nuser-agent: latchkey: 1 {x}\n")
                .contains("\nAuthorization: Bearer IDENTITY\n")
                .containsIgnoringCase("x-frame-options: DENY")
                .containsIgnoringCase("cache-control: public")
                .doesNotContain("X-Secret", "red", "backend.example");
        assertThat(answer).doesNotContainIgnoringCase("x-by: defaults");
    }

    @Test
    void headersWhenSpelledAsABackendCouldFoldThemThenChangedToo() {
        String answer = gateway.get("/changed/x", "X_Secret: 1\r\nx.secret: 2\r\nX_TENANT: red\r\nx.tenant: green\r\n");

        assertThat(answer).contains("\nx-tenant: blue\n").doesNotContainIgnoringCase("secret", "red\n", "green");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Original-URL",
                "x_original_url",
                "X-Rewrite-URL",
                "X-Original-Method",
                "X-HTTP-Method-Override",
                "X-HTTP-Method",
                "X.Method.Override",
                "X-Original-Host"
            })
    void headersWhenTheyOverrideTheRequestThenHeldBack(String name) {
        assertThat(gateway.get("/added/x", name + ": DELETE\r\n"))
                .contains("GET /v%32/added/x\n")
                .doesNotContain("DELETE");
    }

    @Test
    void headersWhenTheRouteSaysSoThenOnlyThoseArePassed() {
        String answer = gateway.get("/overridden/x", "X-Http-Method-Override: PATCH\r\nX-Original-URL: /admin\r\n");

        assertThat(answer).contains("PATCH").doesNotContain("/admin");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    /gone/x  | /shop            | /shop/gone
                    /gone/x  | /shop/eu/        | /shop/eu/gone
                    /gone/x  | //evil.example   | /gone
                    /gone/x  | https://evil     | /gone
                    /gone/x  | /a/../b          | /gone
                    /gone/x  | /a?b             | /gone
                    /gone    | /                | /gone
                    /a/b/c   | /shop            | /shop/a
                    /added/x | /shop            | /shop
                    """)
    void prefixWhenStrippedHereOrByATrustedProxyThenTheBackendReceivesIt(String target, String said, String forwarded) {
        String answer = gateway.get(target, "X-Forwarded-Prefix: " + said + "\r\n");

        assertThat(answer)
                .containsIgnoringCase("\nx-forwarded-prefix: " + forwarded + "\n")
                .doesNotContain("evil");
    }

    @Test
    void prefixWhenNothingIsStrippedThenThereIsNone() {
        assertThat(gateway.get("/added/x", "X: 1\r\n")).doesNotContainIgnoringCase("x-forwarded-prefix");
    }

    @Test
    void headersWhenWebSocketThenTheRequestsAreChanged() {
        String seen = gateway.firstMessage("/changed/s", "Connection: Upgrade\r\nX-Secret: 1\r\n");

        assertThat(seen).containsIgnoringCase("x-tenant: blue").doesNotContain("X-Secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/files/a%2Fb",
                "/files/a%252Fb",
                "/files//a",
                "/files/a;v=1",
                "/files/a%5Cb",
                "/files/a%3Bb",
                "/files/caf%C3%A9;x",
            })
    void pathWhenSuspiciousAndTheRouteWantsItThenSentAsItCame(String target) {
        assertThat(gateway.get(target, "")).contains("GET " + target + "\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/files/../private/x",
                "/files/%2e%2e/private/x",
                "/files/..%2fprivate/x",
                "/files/..%252fprivate/x",
                "/files/..;/private/x",
                "/files/%2e%2e%5cprivate/x",
                "/files/a/.",
                "/files/a%00",
                "/files/a%0d%0a",
                "/files/%c0%af",
                "/files/%2525252525252Fx",
                "/private%2Fx",
                "//private/x",
                "/private;a/x",
                "//files/x",
                "/files%2Fx",
                "/auth;x/sign-in",
                "/auth%2Fsign-in",
                "//auth/sign-in",
            })
    void pathWhenAReadingLeadsElsewhereThenRefused(String target) {
        assertThat(gateway.get(target, "")).startsWith("HTTP/1.1 400");
        assertThat(gateway.get(target, "Host: files.example\r\n")).startsWith("HTTP/1.1 400");
    }

    @Test
    void pathWhenTheRouteDoesNotWantItThenRefused() {
        assertThat(gateway.get("/rest/a%2Fb", "")).startsWith("HTTP/1.1 400");
    }

    @ParameterizedTest
    @CsvSource({
        "/%2570rivate/x, 400",
        "/%252570rivate/x, 400",
        "/%2561uth/sign-in, 400",
        "/x%2561, 200",
        "/100%25, 200",
    })
    void pathWhenDecodedAgainItLeadsElsewhereThenRefused(String target, String status) {
        assertThat(gateway.get(target, "")).startsWith("HTTP/1.1 " + status);
        assertThat(gateway.get(target, "Host: files.example\r\n")).startsWith("HTTP/1.1 " + status);
    }

    @Test
    void pathWhenDecodedAgainItLeadsToTheSameRouteThenSentAsItCame() {
        assertThat(gateway.get("/files/a%2541", "")).contains("GET /files/a%2541\n");
    }

    @Test
    void pathWhenTheRouteTakesAllReadingsThenSent() {
        assertThat(gateway.get("/x%2Fy", "Host: files.example\r\n")).contains("GET /x%2Fy\n");
        assertThat(gateway.get("/.well-known%2Fjwks.json", "Host: files.example\r\n"))
                .startsWith("HTTP/1.1 400");
    }
}
