package dev.latchkey.gateway.pipeline.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.exchange.OutboundIdentity;
import dev.latchkey.gateway.keys.TestTokens;
import dev.latchkey.gateway.token.CookieProperties;
import dev.latchkey.gateway.token.IdentityToken;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;

final class HeaderHygieneTests {

    private final CookieHygiene cookies = new CookieHygiene(new CookieProperties("__Host-latchkey-", true));
    private final MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/"));

    @ParameterizedTest
    @CsvFileSource(resources = "cookie-lines.csv", delimiter = '|', quoteCharacter = '`', nullValues = "-")
    void withoutOursWhenLineThenTheRestStaysByteForByte(String line, String left) {
        assertThat(cookies.withoutOurs(List.of(line)))
                .isEqualTo(Optional.ofNullable(left).stream().toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "__Host-latchkey-access=x",
                "__Host-latchkey-access=",
                "__Host-latchkey-refresh-0=x; Path=/; Secure",
                " __Host-latchkey-refresh-1 = x",
                "\t__Host-latchkey-access\t=x",
                "__Host-latchkey-access",
                "__Host-latchkey-access; Path=/",
                "=__Host-latchkey-access=x",
                " = __Host-latchkey-access=x; Path=/",
            })
    void setsOursWhenBrowserWouldSendItBackAsOursThenTrue(String line) {
        assertThat(cookies.setsOurs(line)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "session=1; Path=/; HttpOnly",
                "x=__Host-latchkey-access=x",
                "latchkey-access=x",
                "__Host-latchkey-access2=x",
                "a=b; Comment=__Host-latchkey-access",
                "",
                "=",
                ";",
            })
    void setsOursWhenAnotherCookieThenFalse(String line) {
        assertThat(cookies.setsOurs(line)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Latchkey-User",
                "latchkey-user",
                "LATCHKEY-USER",
                "LATCHKEY_USER",
                "latchkey.user",
                "Latchkey-_User",
                "latchkey__user",
                "Latchkey-Refresh-Token",
                "latchkey_refresh_token",
                "latchkey-",
                "latchkey~user",
                "latchkey!user",
            })
    void isOursWhenABackendCouldFoldItThenTrue(String name) {
        assertThat(ReservedHeaders.isOurs(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Latchkey-User", "Latchkeys", "LatchkeyUser", "Latchke-y", "Accept"})
    void isOursWhenAnotherNameThenFalse(String name) {
        assertThat(ReservedHeaders.isOurs(name)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "Forwarded, true",
        "FORWARDED, true",
        "X-Forwarded-For, true",
        "x_forwarded_for, true",
        "X.Forwarded.Proto, true",
        "X-Forwarded-Anything, true",
        "X-Forwarded, true",
        "X-Real-IP, true",
        "x_real_ip, true",
        "X-Request-Id, false",
        "X-Forwardedness, false",
        "Forwarded-Mail, false",
        "X-Real-Ipanema, false",
    })
    void tellsForWhomWhenSpelledSomehowThenKnown(String name, boolean known) {
        assertThat(ReservedHeaders.tellsForWhom(name)).isEqualTo(known);
    }

    @ParameterizedTest
    @CsvSource({
        "X-Original-URL, true",
        "x_original_url, true",
        "X-Rewrite-URL, true",
        "X-Original-Method, true",
        "X-HTTP-Method-Override, true",
        "x.http.method.override, true",
        "X-HTTP-Method, true",
        "X-Method-Override, true",
        "X-Override-URL, true",
        "X_HTTPMethodOverride, true",
        "X-HTTPMethod-Override, true",
        "Method-Override, true",
        "HTTP-Method-Override, true",
        "X-HTTP-Path-Override, true",
        "X-HTTP-Host-Override, true",
        "Proxy, true",
        "Proxy-Hint, false",
        "X-Originality, false",
        "X-HTTP-Methods, false",
        "Original-URL, false",
    })
    void isHeldBackWhenABackendCouldActOnItThenTrue(String name, boolean held) {
        assertThat(ReservedHeaders.overridesRequest(name)).isEqualTo(held);
    }

    @ParameterizedTest
    @CsvSource({
        "X-Tenant, X_TENANT, true",
        "X-Tenant, x.tenant, true",
        "X-Tenant, X-Tenant, true",
        "X-Tenant, XTenant, false",
        "X-Tenant, X-Tenants, false",
        "X-Tenant, X-Tenan-, false",
    })
    void areSameWhenABackendCouldFoldThemThenTrue(String one, String other, boolean same) {
        assertThat(ReservedHeaders.areSame(one, other)).isEqualTo(same);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "-                              | private",
                "max-age=60                     | max-age=60, private",
                "no-cache                       | no-cache, private",
                "must-revalidate, max-age=0     | must-revalidate, max-age=0, private",
                "ext=\"public\"                 | ext=\"public\", private",
                "publication=1                  | publication=1, private",
                "public                         | public",
                "PUBLIC, max-age=60             | PUBLIC, max-age=60",
                "max-age=1,s-maxage=60          | max-age=1,s-maxage=60",
                "private                        | private",
                "private=\"x-user\"             | private=\"x-user\"",
                "max-age=0 , no-store           | max-age=0 , no-store",
            })
    void keepPrivateWhenNothingSaidAboutSharingThenPrivate(String said, String result) {
        HttpHeaders headers = new HttpHeaders();
        if (said != null) {
            headers.set("Cache-Control", said);
        }

        CacheSharing.keepPrivate(headers);

        assertThat(headers.get("Cache-Control")).containsExactly(result);
    }

    @Test
    void keepPrivateWhenSingleCachesHaveDirectivesThenPrivateIsAddedThere() {
        HttpHeaders headers = new HttpHeaders();
        headers.set("Cache-Control", "private");
        headers.addAll("CDN-Cache-Control", List.of("max-age=60", "must-revalidate"));
        headers.set("Shop-cache-control", "public, max-age=60");

        CacheSharing.keepPrivate(headers);

        assertThat(headers.get("Cache-Control")).containsExactly("private");
        assertThat(headers.get("CDN-Cache-Control")).containsExactly("max-age=60, must-revalidate, private");
        assertThat(headers.get("Shop-Cache-Control")).containsExactly("public, max-age=60");
    }

    @Test
    void filterWhenBackendAnswersThenOnlyWhatIsOursGoes() {
        HttpHeaders answer = new HttpHeaders();
        answer.addAll("Set-Cookie", List.of("a=1; Path=/", "__Host-latchkey-access=evil; Path=/", "b=2"));
        answer.set("latchkey_access_token", "evil");
        answer.set("Clear-Site-Data", "\"cache\", \"Cookies\"");
        answer.set("X-Own", "stays");

        HttpHeaders left = new BackendHeadersFilter(cookies).filter(answer, exchange);

        assertThat(left.get("Set-Cookie")).containsExactly("a=1; Path=/", "b=2");
        assertThat(left.headerNames()).containsExactlyInAnyOrder("Set-Cookie", "X-Own");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"\"*\" | false", "* | false", "\"cookies\" | false", "\"cache\", \"storage\" | true"})
    void filterWhenClearSiteDataThenStaysUnlessItNamesCookies(String value, boolean stays) {
        HttpHeaders answer = new HttpHeaders();
        answer.set("Clear-Site-Data", value);

        assertThat(new BackendHeadersFilter(cookies).filter(answer, exchange).containsHeader("Clear-Site-Data"))
                .isEqualTo(stays);
    }

    @Test
    void filterWhenAnonymousThenSharingIsTheBackendsAffair() {
        ExchangeAttribute.OUTBOUND_IDENTITY.set(exchange, OutboundIdentity.anonymous(true));

        assertThat(new BackendHeadersFilter(cookies)
                        .filter(new HttpHeaders(), exchange)
                        .headerNames())
                .isEmpty();
    }

    @Test
    void filterWhenIdentifiedThenAnswerIsPrivate() {
        ExchangeAttribute.OUTBOUND_IDENTITY.set(
                exchange,
                new OutboundIdentity(
                        Optional.of(TestTokens.accessClaims(Instant.EPOCH)),
                        Optional.of(new IdentityToken("secret-value")),
                        Map.of(),
                        false));

        assertThat(new BackendHeadersFilter(cookies)
                        .filter(new HttpHeaders(), exchange)
                        .getCacheControl())
                .isEqualTo("private");
        assertThat(exchange.getAttributes().toString()).doesNotContain("secret-value");
    }

    @Test
    void filterWhenNothingWasDecidedThenLeavesAsNobody() {
        HttpHeaders request = new HttpHeaders();
        request.setBearerAuth("somebody");
        request.set("Accept", "text/plain");

        HttpHeaders left = new ClientHeadersFilter(cookies).filter(request, exchange);

        assertThat(left.headerNames()).containsExactly("Accept");
    }
}
