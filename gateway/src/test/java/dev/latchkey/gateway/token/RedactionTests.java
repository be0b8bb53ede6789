package dev.latchkey.gateway.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RedactionTests {

    private static final String SECRET = "s3cr3t-s3cr3t-s3cr3t-Q";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @MethodSource("valuesWithSecrets")
    void toStringWhenValueIsSecretThenHidesIt(Object value) {
        assertThat(value.toString()).doesNotContain(SECRET).isNotBlank();
    }

    static Stream<Object> valuesWithSecrets() {
        SessionId session = new SessionId(SECRET);
        TokenId id = new TokenId("abcdefghijklmnop");
        AccessClaims claims = TestClaims.access(
                new Subject(SECRET), session, Generation.FIRST, id, TestClaims.times(NOW, NOW, NOW), Roles.NONE);
        return Stream.of(
                session,
                new Subject(SECRET),
                new AccessToken(SECRET),
                new RefreshToken(SECRET),
                IdentityToken.of(SECRET),
                claims,
                TestClaims.refresh(new Subject(SECRET), session, Generation.FIRST, id, NOW, NOW, NOW),
                new TokenPair(new AccessToken(SECRET), claims, Optional.of(new RefreshToken(SECRET)), NOW));
    }
}
