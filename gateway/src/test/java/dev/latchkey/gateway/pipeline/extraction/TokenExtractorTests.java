package dev.latchkey.gateway.pipeline.extraction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.Result.Failure;
import dev.latchkey.gateway.problem.Result.Success;
import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.RefreshToken;
import dev.latchkey.gateway.token.cookie.CookieProperties;
import dev.latchkey.gateway.token.dpop.DpopProperties;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpCookie;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest.BaseBuilder;

final class TokenExtractorTests {

    private final TokenExtractor extractor = new TokenExtractor(
            new CookieProperties("latchkey-", true), new DpopProperties(true, true, Duration.ofSeconds(60), 1_000));

    @Test
    void extractWhenNothingIsPresentedThenNone() {
        PresentedTokens tokens = extracted(request());
        assertThat(tokens.isEmpty()).isTrue();
        assertThat(tokens.fromCookies()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"Bearer abc,abc", "bearer abc,abc", "BEARER  abc ,abc", "Bearer,''"})
    void extractWhenBearerThenItsToken(String header, String token) {
        PresentedTokens tokens = extracted(request().header("Authorization", header));
        assertThat(tokens.access()).contains(new AccessToken(token));
        assertThat(tokens.fromCookies()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic abc", "Bearerabc", "Digest x"})
    void extractWhenAnotherSchemeThenCookiesCount(String header) {
        PresentedTokens tokens =
                extracted(request().header("Authorization", header).cookie(new HttpCookie("latchkey-access", "c")));
        assertThat(tokens.access()).contains(new AccessToken("c"));
        assertThat(tokens.fromCookies()).isTrue();
    }

    @Test
    void extractWhenBearerAndCookiesThenBearerAlone() {
        PresentedTokens tokens = extracted(request()
                .header("Authorization", "Bearer abc")
                .cookie(new HttpCookie("latchkey-access", "c"), new HttpCookie("latchkey-refresh-1", "r")));
        assertThat(tokens.access()).contains(new AccessToken("abc"));
        assertThat(tokens.refreshes()).isEmpty();
    }

    @Test
    void extractWhenHeaderClientThenBothOfItsTokens() {
        PresentedTokens tokens =
                extracted(request().header("Authorization", "Bearer a").header("Latchkey-Refresh-Token", "r"));
        assertThat(tokens.refreshes()).containsExactly(new RefreshToken("r"));
    }

    @Test
    void extractWhenBothRefreshCookiesThenBoth() {
        PresentedTokens tokens = extracted(request()
                .cookie(new HttpCookie("latchkey-refresh-0", "r0"), new HttpCookie("latchkey-refresh-1", "r1")));
        assertThat(tokens.access()).isEmpty();
        assertThat(tokens.refreshes()).containsExactly(new RefreshToken("r0"), new RefreshToken("r1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"latchkey-access", "latchkey-refresh-0", "latchkey-refresh-1"})
    void extractWhenOneCookieComesTwiceThenRepeated(String name) {
        assertThat(extractor.extract(new SpringRequestHead(request()
                        .cookie(new HttpCookie(name, "one"), new HttpCookie(name, "two"))
                        .build())))
                .isEqualTo(new Failure<>(Problem.REPEATED_COOKIE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "Latchkey-Refresh-Token"})
    void extractWhenOneHeaderComesTwiceThenAmbiguous(String name) {
        assertThat(extractor.extract(new SpringRequestHead(
                        request().header(name, "Bearer one", "Bearer two").build())))
                .isEqualTo(new Failure<>(Problem.malformed("There is more than one " + name + " header")));
    }

    private PresentedTokens extracted(BaseBuilder<?> request) {
        return ((Success<PresentedTokens>) extractor.extract(new SpringRequestHead(request.build()))).value();
    }

    private static BaseBuilder<?> request() {
        return MockServerHttpRequest.get("/");
    }
}
