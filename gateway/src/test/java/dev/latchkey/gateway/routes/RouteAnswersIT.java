package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Redirects and fixed answers, and what a route changes of a request's target, over real sockets. */
final class RouteAnswersIT {

    @TempDir
    private static Path folder;

    private static EchoBackend backend;
    private static RoutedGateway gateway;

    @BeforeAll
    static void start() {
        backend = new EchoBackend();
        gateway = new RoutedGateway(
                RoutedGateway.routes("answers-routes.yml").replace("BACKEND", backend.address()),
                folder,
                RoutedGateway.WITH_LISTENER,
                "latchkey.trusted-proxies=127.0.0.0/8");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        backend.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "/moved/a/b%20c      ~ 301 ~ https://new.example/shop/a/b%20c?was=a/b%20c",
                "/moved/a&x=1+2?y=3  ~ 301 ~ https://new.example/shop/a&x=1+2?was=a%26x%3D1%2B2&y=3",
                "/moved/@evil        ~ 301 ~ https://new.example/shop/@evil?was=@evil",
                "/%6doved/%2Dx       ~ 301 ~ https://new.example/shop/-x?was=-x",
                "/moved/?a={b}|      ~ 301 ~ https://new.example/shop/?was=&a=%7Bb%7D%7C",
                "/here/a/b?c=1       ~ 302 ~ /a/b",
                "/here/              ~ 302 ~ /",
                "/here/a|b           ~ 302 ~ /a%7Cb",
                "/here/a//b          ~ 302 ~ /a//b",
                "/fixed/x            ~ 308 ~ http://old.example/?a=1",
                "/fixed?b=2          ~ 308 ~ http://old.example/?a=1&b=2",
                "/members            ~ 303 ~ /club/$",
            })
    void redirectWhenAskedThenToThere(String row, String status, String place) {
        assertThat(gateway.get(row, ""))
                .startsWith("HTTP/1.1 " + status)
                .contains("\r\nLocation: " + place + "\r\n", "\r\nContent-Length: 0\r\n")
                .endsWith("\r\n\r\n");
    }

    /** Whatever stands for the group, the answer leads to no other host. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/here//evil.example",
                "/here///evil.example",
                "/here//evil.example/%2e%2e",
                "/here/%2e//evil.example",
                "/here/.//evil.example",
                "/here/%09//evil.example",
                "/here/%0d%0aSet-Cookie:%20a=b",
            })
    void redirectWhenAGroupWouldLeadElsewhereThenNoRedirect(String target) {
        assertThat(gateway.get(target, ""))
                .startsWith("HTTP/1.1 4")
                .doesNotContain("Location")
                .doesNotContain("Set-Cookie");
    }

    @ParameterizedTest
    @CsvSource({"/here/\\evil.example, /%5Cevil.example", "/here/%5Cevil.example, /%5Cevil.example"})
    void redirectWhenAGroupBeginsWithABackslashThenItIsEncoded(String target, String place) {
        assertThat(gateway.get(target, "")).contains("\r\nLocation: " + place + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/moved", "/here"})
    void redirectWhenTheExpressionDoesNotMatchThenNotFound(String target) {
        assertThat(gateway.get(target, "")).startsWith("HTTP/1.1 404").doesNotContain("Location");
    }

    @Test
    void redirectWhenBehindAProxyThatStripsAPrefixThenWithIt() {
        assertThat(gateway.get("/here/a", "X-Forwarded-Prefix: /shop\r\n")).contains("\r\nLocation: /shop/a\r\n");
        assertThat(gateway.get("/fixed/a", "X-Forwarded-Prefix: /shop\r\n")).contains("\r\nLocation: http://old.");
    }

    @Test
    void redirectWhenAnyMethodThenTheSame() {
        assertThat(gateway.send("POST", "/fixed/a", "Content-Length: 3\r\n", "abc"))
                .startsWith("HTTP/1.1 308");
        assertThat(gateway.send("HEAD", "/fixed/a", "", "")).startsWith("HTTP/1.1 308");
    }

    @Test
    void answerWhenOfARouteWithRulesForBrowsersThenWithThem() {
        for (String target : new String[] {"/fixed/a", "/hello/a"}) {
            assertThat(gateway.get(target, "Origin: https://app.example\r\n"))
                    .contains("\r\nAccess-Control-Allow-Origin: https://app.example\r\n")
                    .containsIgnoringCase("\r\nx-content-type-options: nosniff\r\n")
                    .containsIgnoringCase("\r\nx-frame-options: SAMEORIGIN\r\n");
        }
    }

    @Test
    void responseWhenAskedThenAsWritten() {
        assertThat(gateway.get("/hello/a", ""))
                .startsWith("HTTP/1.1 200")
                .contains("\r\nContent-Type: text/html; charset=utf-8\r\n", "\r\nContent-Length: 31\r\n")
                .containsIgnoringCase("\r\ncache-control: max-age=60\r\n")
                .containsIgnoringCase("\r\nx-robots-tag: noindex\r\n")
                .endsWith("\r\n\r\n" + asBytes("<h1>Gr\u00fc\u00df Gott</h1>\n<p>$1</p>\n"));
        assertThat(gateway.get("/gone", ""))
                .startsWith("HTTP/1.1 410")
                .contains("\r\nContent-Type: text/plain; charset=utf-8\r\n")
                .endsWith("\r\n\r\nIt is gone.");
        assertThat(gateway.get("/limited", ""))
                .startsWith("HTTP/1.1 503")
                .containsIgnoringCase("\r\nretry-after: 600\r\n")
                .contains("\r\nContent-Length: 0\r\n")
                .doesNotContain("Content-Type");
    }

    /** As a connection of the tests shows UTF-8. */
    private static String asBytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Test
    void responseWhenItHasNoBodyThenNone() {
        assertThat(gateway.send("HEAD", "/hello/a", "", ""))
                .startsWith("HTTP/1.1 200")
                .contains("\r\nContent-Length: 31\r\n")
                .endsWith("\r\n\r\n");
        assertThat(gateway.get("/empty", ""))
                .startsWith("HTTP/1.1 204")
                .doesNotContain("Content-Length")
                .endsWith("\r\n\r\n");
    }

    @Test
    void answerWhenNotPublicThenNotForSharedCachesAndWithTheUsersNewTokens() {
        for (String target : new String[] {"/own", "/members"}) {
            assertThat(gateway.get(target, ""))
                    .containsIgnoringCase("\r\ncache-control: private\r\n")
                    .contains("__Host-latchkey-access=ours");
        }
        assertThat(gateway.get("/gone", "")).doesNotContainIgnoringCase("cache-control");
    }

    @Test
    void answerWhenTheRouteHasLimitsThenTheyHold() {
        assertThat(gateway.send("POST", "/limited", "Content-Length: 9\r\n", "123456789"))
                .startsWith("HTTP/1.1 413");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/old/a%20b?q=%20&r | /api/1/a%20b?q=%20&r&tenant=a%26b%3D%C3%BC&the%20key=x",
                "/v2/a/b               | /api/2/a/b?tenant=a%26b%3D%C3%BC&the%20key=x",
                "/%76%32/a?            | /api/2/a?tenant=a%26b%3D%C3%BC&the%20key=x",
                "/v3/a%2Fb             | /api/3/a%2Fb?tenant=a%26b%3D%C3%BC&the%20key=x",
                "/v3/a[b]?c={d}        | /api/3/a[b]?c={d}&tenant=a%26b%3D%C3%BC&the%20key=x",
                "/v3/a[b]              | /api/3/a[b]?tenant=a%26b%3D%C3%BC&the%20key=x",
                "/v10/a                | /v10/a?tenant=a%26b%3D%C3%BC&the%20key=x",
            })
    void targetWhenTheRouteRewritesItThenTheBackendSeesThat(String target, String seen) {
        assertThat(gateway.get(target, ""))
                .contains("GET " + seen + "\n")
                .doesNotContainIgnoringCase("forwarded-prefix");
    }

    /** A path that the client could not have sent must not be made of one that it could. */
    @Test
    void targetWhenRewritingWouldMakeItAmbiguousThenRefused() {
        assertThat(gateway.get("/v1/" + "a".repeat(4096), "")).startsWith("HTTP/1.1 400");
        assertThat(gateway.get("/v1/old/../x", "")).startsWith("HTTP/1.1 400");
    }

    @Test
    void headersWhenDedupedThenOnlyThoseLinesStay() {
        assertThat(echoes("/own-host/a")).containsExactly("A: one", "B: one", "C: one", "C: two");
        assertThat(echoes("/kept/a")).hasSize(9);
    }

    private static List<String> echoes(String target) {
        return gateway.get(target, "")
                .lines()
                .filter(line -> line.startsWith("X-Echo-") || line.startsWith("x-echo-"))
                .map(line -> line.substring("x-echo-".length())
                        .replaceFirst("^[abc]", line.substring(7, 8).toUpperCase(Locale.ROOT)))
                .sorted()
                .toList();
    }

    @Test
    void hostWhenKeptThenTheClients() {
        String own = "\nHost: " + backend.address() + "\n";

        assertThat(gateway.get("/kept/a", "Host: shop.example:8443\r\n"))
                .containsIgnoringCase("GET /a?from=defaults\n")
                .containsIgnoringCase("\nHost: shop.example:8443\n")
                .containsIgnoringCase("\nX-Forwarded-Host: shop.example:8443\n")
                .doesNotContainIgnoringCase(own);
        assertThat(gateway.get("/own-host/a", "Host: shop.example:8443\r\n"))
                .containsIgnoringCase("GET /replaced?from=defaults\n")
                .containsIgnoringCase(own);
        assertThat(gateway.firstMessage("/kept/a", "Connection: Upgrade\r\n"))
                .containsIgnoringCase("\nHost: localhost\n");
    }
}
