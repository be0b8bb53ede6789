package dev.latchkey.gateway.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.keys.Verification.InvalidTokenReason;
import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.Audience;
import dev.latchkey.gateway.token.RefreshToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class HostileTokenTests {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);
    private static final InstantSource LONG_AFTER = InstantSource.fixed(NOW.plus(Duration.ofDays(400)));

    private static final String GOOD_ACCESS = """
            {"iss":"https://gateway.example","aud":"https://gateway.example","sub":"ada","sid":"AAAAAAAAAAAAAAAAAAAAAA",\
            "gen":1,"jti":"BBBBBBBBBBBBBBBB","iat":1772366400,"exp":1772366700,"auth_time":1772366400.123,\
            "roles":["customer"]}""";
    private static final String GOOD_REFRESH = """
            {"iss":"https://gateway.example","aud":["https://gateway.example"],"sub":"ada",\
            "sid":"AAAAAAAAAAAAAAAAAAAAAA","gen":1,"jti":"BBBBBBBBBBBBBBBB","iat":1772366400,"exp":1774958400,\
            "auth_time":1772366400.123}""";

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void verifyWhenHostileThenRefusedAlsoAfterExpiry(
            String name, String kind, String header, String payload, String signer, InvalidTokenReason reason) {
        String token = Forger.forge(withKids(header), claims(kind, payload), signer);

        assertThat(verify(kind, token, CLOCK)).as(name).isEqualTo(new Verification.Invalid<>(reason));
        assertThat(verify(kind, token, LONG_AFTER)).as(name).isEqualTo(new Verification.Invalid<>(reason));
    }

    /** Without this the vectors could be refused for being badly forged. */
    @Test
    void verifyWhenForgedWithAllRightThenValidAndLaterExpired() {
        String access = Forger.forge(
                withKids("{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"{access}\"}"), GOOD_ACCESS, "access");
        String refresh = Forger.forge(
                withKids("{\"alg\":\"HS256\",\"typ\":\"rt+jwt\",\"kid\":\"{refresh}\"}"), GOOD_REFRESH, "refresh");

        assertThat(verify("access", access, CLOCK)).isInstanceOf(Verification.Valid.class);
        assertThat(verify("access", access, LONG_AFTER)).isInstanceOf(Verification.Expired.class);
        assertThat(verify("refresh", refresh, CLOCK)).isInstanceOf(Verification.Valid.class);
        assertThat(verify("refresh", refresh, LONG_AFTER)).isInstanceOf(Verification.Expired.class);
    }

    @Test
    void verifyWhenCutOffAnywhereThenRefused() {
        String token =
                TestTokens.accessCodec(CLOCK).sign(TestTokens.accessClaims(NOW)).value();
        for (int length = 0; length < token.length(); length++) {
            assertThat(verify("access", token.substring(0, length), CLOCK)).isInstanceOf(Verification.Invalid.class);
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void verifyWhenNotThreePartsOfBase64UrlThenMalformed(String token) {
        assertThat(verify("access", token, CLOCK)).isEqualTo(new Verification.Invalid<>(InvalidTokenReason.MALFORMED));
    }

    /** Signed by us, so that only the length can be what is wrong with it. */
    @Test
    void verifyWhenSixteenKilobytesThenMalformedThoughSigned() {
        String claims = claims("access", "GOOD with {\"padding\":\"" + "x".repeat(12_000) + "\"}");
        String token =
                Forger.forge(withKids("{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"{access}\"}"), claims, "access");

        assertThat(token.length()).isGreaterThan(16_000);
        assertThat(verify("access", token, CLOCK)).isEqualTo(new Verification.Invalid<>(InvalidTokenReason.MALFORMED));
    }

    @Test
    void isOursWhenGatewayTokenOfAnyKindThenTrue() {
        GatewayTokenRecognizer recognizer = TestTokens.recognizer();
        String access =
                TestTokens.accessCodec(CLOCK).sign(TestTokens.accessClaims(NOW)).value();
        String identity = TestTokens.identitySigner(CLOCK)
                .sign(TestTokens.identityClaims(new Audience("orders"), NOW))
                .value();
        String refresh = Forger.forge("{\"alg\":\"HS256\",\"typ\":\"rt+jwt\",\"kid\":\"gone\"}", "{}", "foreign");
        String oldAccess =
                Forger.forge("{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"gone\"}", GOOD_ACCESS, "foreign");

        assertThat(Stream.of(access, identity, refresh, oldAccess)).allMatch(recognizer::isOurs);
    }

    @Test
    void isOursWhenForeignOrUnreadableThenFalse() {
        GatewayTokenRecognizer recognizer = TestTokens.recognizer();
        String foreignAccess = Forger.forge(
                "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"k\"}",
                "{\"iss\":\"https://other.example\"}",
                "foreign");
        String foreign = Forger.forge("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", GOOD_ACCESS, "foreign");
        String odd = Forger.forge("{\"kid\":{\"a\":1},\"typ\":[]}", "{}", "foreign");

        assertThat(Stream.of(foreignAccess, foreign, odd, "", ".", "..", "a.b", "a.b.c", "%%%.b.c", "opaque"))
                .noneMatch(recognizer::isOurs);
    }

    static Stream<String> shapes() {
        return Stream.of(
                "",
                " ",
                ".",
                "..",
                "...",
                "a.b",
                "a.b.c",
                "a.b.c.d",
                "a.b.c.d.e",
                "%%%.%%%.%%%",
                "e30.e30.",
                "e30.e30.e30",
                "null",
                "\u0000.\u0000.\u0000",
                "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0....",
                "=".repeat(8000));
    }

    static Stream<Arguments> vectors() throws IOException {
        return resource("/keys/hostile-tokens.txt")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split("\\s+\\|\\s+", -1))
                .map(cells -> Arguments.of(
                        cells[0], cells[1], cells[2], cells[3], cells[4], InvalidTokenReason.valueOf(cells[5])));
    }

    private static Verification<?> verify(String kind, String token, InstantSource clock) {
        return kind.equals("access")
                ? TestTokens.accessCodec(clock).verify(new AccessToken(token))
                : TestTokens.refreshCodec(clock).verify(new RefreshToken(token));
    }

    private static String claims(String kind, String payload) {
        if (!payload.startsWith("GOOD")) {
            return payload;
        }
        ObjectNode good = (ObjectNode) JSON.readTree(kind.equals("access") ? GOOD_ACCESS : GOOD_REFRESH);
        if (payload.startsWith("GOOD without ")) {
            good.remove(payload.substring("GOOD without ".length()));
        } else if (payload.startsWith("GOOD with ")) {
            good.setAll((ObjectNode) JSON.readTree(payload.substring("GOOD with ".length())));
        }
        return good.toString();
    }

    private static String withKids(String header) {
        return header.replace("{access}", TestKeys.RSA.access().id())
                .replace("{refresh}", TestKeys.RSA.refresh().id())
                .replace("{identity}", TestKeys.RSA.identity().id());
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(HostileTokenTests.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
