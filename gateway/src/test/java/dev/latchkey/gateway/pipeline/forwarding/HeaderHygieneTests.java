package dev.latchkey.gateway.pipeline.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.device.DeviceBinding;
import dev.latchkey.gateway.device.DeviceBindingProperties;
import dev.latchkey.gateway.exchange.ExchangeAttribute;
import dev.latchkey.gateway.exchange.OutboundIdentity;
import dev.latchkey.gateway.http.spring.SpringHeaderFields;
import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.keys.TestTokens;
import dev.latchkey.gateway.pipeline.client.ClientAddress;
import dev.latchkey.gateway.pipeline.client.ForwardingProperties;
import dev.latchkey.gateway.telemetry.RequestIdProperties;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.IdentityToken;
import dev.latchkey.gateway.token.cookie.CookieProperties;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;

final class HeaderHygieneTests {

    private static final RequestIdProperties REQUEST_IDS = new RequestIdProperties(true, "X-Request-Id");

    private final CookieHygiene cookies = new CookieHygiene(new CookieProperties("__Host-latchkey-", true));

    @ParameterizedTest
    @CsvFileSource(resources = "cookie-lines.csv", delimiter = '|', quoteCharacter = '`', nullValues = "-")
    void withoutOursWhenLineThenTheRestStaysByteForByte(String line, String left) {
        assertThat(cookies.withoutOurs(line)).isEqualTo(left);
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

        CacheSharing.keepPrivate(new SpringHeaderFields(headers));

        assertThat(headers.get("Cache-Control")).containsExactly(result);
    }

    @Test
    void keepPrivateWhenSingleCachesHaveDirectivesThenPrivateIsAddedThere() {
        HttpHeaders headers = new HttpHeaders();
        headers.set("Cache-Control", "private");
        headers.addAll("CDN-Cache-Control", List.of("max-age=60", "must-revalidate"));
        headers.set("Shop-cache-control", "public, max-age=60");

        CacheSharing.keepPrivate(new SpringHeaderFields(headers));

        assertThat(headers.get("Cache-Control")).containsExactly("private");
        assertThat(headers.get("CDN-Cache-Control")).containsExactly("max-age=60, must-revalidate, private");
        assertThat(headers.get("Shop-Cache-Control")).containsExactly("public, max-age=60");
    }

    @Test
    void cleanWhenBackendAnswersThenOnlyWhatIsOursGoes() {
        HttpHeaders answer = new HttpHeaders();
        answer.addAll("Set-Cookie", List.of("a=1; Path=/", "__Host-latchkey-access=evil; Path=/", "b=2"));
        answer.set("latchkey_access_token", "evil");
        answer.set("Clear-Site-Data", "\"cache\", \"Cookies\"");
        answer.set("X-Own", "stays");

        clean(answer, HeaderChanges.NONE, false);

        assertThat(answer.get("Set-Cookie")).containsExactly("a=1; Path=/", "b=2");
        assertThat(answer.headerNames()).containsExactlyInAnyOrder("Set-Cookie", "X-Own");
    }

    /** RFC 9110 section 15.5.22; any other field of that kind is for the backend's connection alone. */
    @ParameterizedTest
    @CsvSource({"426, true", "400, false", "200, false"})
    void cleanWhenUpgradeThenStaysInTheAnswerThatMeansNothingWithoutIt(int status, boolean stays) {
        HttpHeaders answer = new HttpHeaders();
        answer.addAll("Upgrade", List.of("TLS/1.3", "HTTP/2.0"));
        answer.set("Connection", "Upgrade");

        new ResponseHead(cookies, new DeviceBindingProperties(DeviceBinding.OFF))
                .cleanFinal(status, new SpringHeaderFields(answer), HeaderChanges.NONE, Optional.empty());

        assertThat(answer.getOrEmpty("Upgrade")).isEqualTo(stays ? List.of("TLS/1.3, HTTP/2.0") : List.of());
        assertThat(answer.containsHeader("Connection")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"\"*\" | false", "* | false", "\"cookies\" | false", "\"cache\", \"storage\" | true"})
    void cleanWhenClearSiteDataThenStaysUnlessItNamesCookies(String value, boolean stays) {
        HttpHeaders answer = new HttpHeaders();
        answer.set("Clear-Site-Data", value);

        clean(answer, HeaderChanges.NONE, false);

        assertThat(answer.containsHeader("Clear-Site-Data")).isEqualTo(stays);
    }

    @Test
    void cleanWhenAnonymousThenSharingIsTheBackendsAffair() {
        HttpHeaders answer = new HttpHeaders();

        clean(answer, HeaderChanges.NONE, false);

        assertThat(answer.headerNames()).isEmpty();
    }

    @Test
    void cleanWhenIdentifiedThenAnswerIsPrivate() {
        HttpHeaders answer = new HttpHeaders();

        clean(answer, HeaderChanges.NONE, true);

        assertThat(answer.getCacheControl()).isEqualTo("private");
    }

    @Test
    void cleanWhenTheBackendNamesWhatTheRouteSetsThenItStays() {
        HttpHeaders answer = new HttpHeaders();
        answer.set("Connection", "close, X-Frame-Options");
        answer.set("X-Frame-Options", "ALLOWALL");

        clean(answer, new HeaderChanges(Map.of("X-Frame-Options", "DENY"), List.of(), List.of()), false);

        assertThat(answer.get("X-Frame-Options")).containsExactly("DENY");
        assertThat(answer.headerNames()).containsExactly("X-Frame-Options");
    }

    @Test
    void writeWhenNothingWasDecidedThenLeavesAsNobody() {
        MockServerHttpRequest request = MockServerHttpRequest.get("/")
                .header("Authorization", "Bearer somebody")
                .header("Accept", "text/plain")
                .build();
        HttpHeaders left = new HttpHeaders();
        ClientAddress addresses = new ClientAddress(new ForwardingProperties(List.of()));

        new OutboundHead(cookies, new ForwardedHeaders(addresses), new ForwardedPrefix(addresses), REQUEST_IDS)
                .write(
                        new SpringRequestHead(request),
                        HeaderChanges.NONE,
                        OutboundIdentity.UNKNOWN,
                        "",
                        new SpringHeaderFields(left));

        assertThat(left.headerNames())
                .containsExactlyInAnyOrder("Accept", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Port");
    }

    @Test
    void attributesWhenPrintedThenWithoutTheToken() {
        MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/"));
        ExchangeAttribute.OUTBOUND_IDENTITY.set(
                exchange,
                new OutboundIdentity(
                        Optional.of(TestTokens.accessClaims(Instant.EPOCH)),
                        Optional.of(IdentityToken.of("secret-value")),
                        Map.of(),
                        false));

        assertThat(exchange.getAttributes().toString()).doesNotContain("secret-value");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization",
                "Latchkey-Subject",
                "latchkey_roles",
                "X-Forwarded-For",
                "x_real_ip",
                "X-HTTP-Method-Override",
                "Cookie",
                "Set-Cookie",
                "Host",
                "Content-Length",
                "Transfer-Encoding",
                "Connection",
                "Proxy-Authorization",
                "Cache-Control",
                "CDN-Cache-Control",
                "Clear-Site-Data",
                "Secure-Session-Challenge",
                "Sec-Secure-Session-Id",
                "Access-Control-Allow-Origin",
                "X-Tenant",
            })
    void cleanTrailersWhenARecipientCouldMergeItThenItGoes(String name) {
        HeaderChanges changes = new HeaderChanges(Map.of(), List.of("X_Tenant"), List.of());
        HttpHeaders trailers = new HttpHeaders();
        trailers.set(name, "x");
        trailers.set("Grpc-Status", "0");

        Trailers.clean(new SpringHeaderFields(trailers), changes);
        assertThat(trailers.headerNames()).containsExactly("Grpc-Status");
    }

    /** W3C Device Bound Session Credentials: what a backend said there would end or replace the gateway's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Secure-Session-Registration",
                "Secure-Session-Challenge",
                "secure_session_challenge",
                "Secure-Session-Response",
                "Secure-Session-Skipped",
                "Sec-Secure-Session-Id",
                "Sec-Session-Registration",
            })
    void writeAndCleanWhenOfDeviceSessionsThenItGoes(String name) {
        HttpHeaders answer = new HttpHeaders();
        answer.set(name, "x");
        clean(answer, HeaderChanges.NONE, false);
        assertThat(answer.isEmpty()).isTrue();
        assertThat(ReservedHeaders.isFree(name)).isFalse();

        MockServerWebExchange exchange = MockServerWebExchange.from(
                MockServerHttpRequest.get("/x").header(name, "x").header("Sec-Fetch-Mode", "cors"));
        HttpHeaders backend = new HttpHeaders();
        ClientAddress addresses = new ClientAddress(new ForwardingProperties(List.of()));
        new OutboundHead(cookies, new ForwardedHeaders(addresses), new ForwardedPrefix(addresses), REQUEST_IDS)
                .write(
                        new SpringRequestHead(exchange.getRequest()),
                        HeaderChanges.NONE,
                        OutboundIdentity.UNKNOWN,
                        "",
                        new SpringHeaderFields(backend));
        assertThat(backend.containsHeader(name)).isFalse();
        assertThat(backend.containsHeader("Sec-Fetch-Mode")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"storage\" | ",
                "\"cache\", \"storage\" | \"cache\"",
                "\"Storage\",\"cache\" , \"executionContexts\" | \"cache\", \"executionContexts\"",
                "\"cache\" | \"cache\"",
                "\"*\" | ",
                "\"cookies\", \"storage\", \"cache\" | ",
            })
    void cleanWhenClearSiteDataOfABoundSessionThenItsKeyStays(String value, @Nullable String left) {
        AccessClaims bound = TestTokens.bound(TestTokens.accessClaims(Instant.EPOCH), true, Optional.empty());
        HttpHeaders answer = new HttpHeaders();
        answer.set("Clear-Site-Data", value);

        new ResponseHead(cookies, new DeviceBindingProperties(DeviceBinding.OFF))
                .clean(new SpringHeaderFields(answer), HeaderChanges.NONE, Optional.of(bound));

        assertThat(answer.getFirst("Clear-Site-Data")).isEqualTo(left);
    }

    /** The caller of a public route may have a bound session; one who is known to have none loses nothing. */
    @ParameterizedTest
    @CsvSource({"WHEN_OFFERED, false, false", "REQUIRED, false, false", "OFF, false, true", "REQUIRED, true, true"})
    void cleanWhenClearSiteDataOfStorageThenStaysIfNoKeyIsLost(
            DeviceBinding binding, boolean isIdentified, boolean stays) {
        HttpHeaders answer = new HttpHeaders();
        answer.set("Clear-Site-Data", "\"storage\"");

        new ResponseHead(cookies, new DeviceBindingProperties(binding))
                .clean(
                        new SpringHeaderFields(answer),
                        HeaderChanges.NONE,
                        Optional.of(TestTokens.accessClaims(Instant.EPOCH)).filter(caller -> isIdentified));

        assertThat(answer.containsHeader("Clear-Site-Data")).isEqualTo(stays);
    }

    /**
     * A client would send it to the gateway instead of the gateway's own; a public route's backend may have its own.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cleanWhenDpopNonceThenStaysIfNobodyIsIdentified(boolean isIdentified) {
        HttpHeaders answer = new HttpHeaders();
        answer.set("DPoP-Nonce", "of-the-backend");

        clean(answer, HeaderChanges.NONE, isIdentified);

        assertThat(answer.containsHeader("DPoP-Nonce")).isEqualTo(!isIdentified);
    }

    private void clean(HttpHeaders answer, HeaderChanges changes, boolean isIdentified) {
        new ResponseHead(cookies, new DeviceBindingProperties(DeviceBinding.OFF))
                .clean(
                        new SpringHeaderFields(answer),
                        changes,
                        Optional.of(TestTokens.accessClaims(Instant.EPOCH)).filter(caller -> isIdentified));
    }
}
