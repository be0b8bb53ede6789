package dev.latchkey.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.Jwt;

/** What is reported about a caller, also of a token that says little. */
final class CallerTests {

    @Test
    void ofWhenNoTokenThenAnonymous() {
        Caller caller = Caller.of("orders", null);

        assertThat(caller.anonymous()).isTrue();
        assertThat(caller.name()).isEqualTo("anonymous");
    }

    @Test
    void ofWhenTokenSaysLittleThenEmptyLists() {
        Jwt token =
                Jwt.withTokenValue("x").header("alg", "RS256").subject("ada").build();

        Caller caller = Caller.of("orders", token);

        assertThat(caller.roles()).isEmpty();
        assertThat(caller.audience()).isEmpty();
        assertThat(caller.session()).isNull();
    }

    @Test
    void ofWhenTokenSaysAllThenAllOfIt() {
        Instant now = Instant.ofEpochSecond(1_700_000_000);
        Jwt token = Jwt.withTokenValue("x")
                .header("alg", "RS256")
                .subject("ada")
                .issuer("http://gateway.example")
                .audience(List.of("orders"))
                .claim("roles", List.of("customer"))
                .claim("sid", "hash")
                .issuedAt(now)
                .expiresAt(now.plusSeconds(90))
                .build();

        assertThat(Caller.of("orders", token))
                .isEqualTo(new Caller(
                        "orders",
                        false,
                        "ada",
                        List.of("customer"),
                        List.of("orders"),
                        "http://gateway.example",
                        "hash",
                        now,
                        now.plusSeconds(90)));
    }
}
