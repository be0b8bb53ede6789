package dev.latchkey.gateway.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.keys.SealingKeysOfTests;
import dev.latchkey.gateway.provider.ClientType;
import dev.latchkey.gateway.provider.UpstreamTokens;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is sealed opens in its place alone. */
final class SealerTests {

    private static final ProviderName KEYCLOAK = new ProviderName("keycloak");
    private static final SessionId SESSION = new SessionId("AbCdEfGhIjKlMnOpQrStUQ");
    private static final SessionId OTHER = new SessionId("AbCdEfGhIjKlMnOpQrStUw");
    private static final HeldTokens TOKENS = new HeldTokens(
            "the-subject-ada",
            Optional.of("the-session-there"),
            Optional.empty(),
            Optional.of(Instant.ofEpochSecond(1_800_000_000)),
            new UpstreamTokens(
                    ClientType.CONFIDENTIAL,
                    Optional.of("the-refresh-token"),
                    Optional.of("the-access-token"),
                    Optional.of("the-id-token"),
                    "openid email",
                    Optional.empty()));

    private final SealingKeysOfTests keys = new SealingKeysOfTests(Duration.ofDays(30));
    private final Sealer sealer = new Sealer(keys.sealing());

    @Test
    void tokensWhenSealedThenOpenedInTheirPlaceAlone() {
        String sealed = sealer.seal(KEYCLOAK, SESSION, 2, TOKENS);
        assertThat(sealer.open(KEYCLOAK, SESSION, 2, sealed)).contains(TOKENS);
        assertThat(sealer.open(KEYCLOAK, SESSION, 3, sealed))
                .as("older ones as newer")
                .isEmpty();
        assertThat(sealer.open(KEYCLOAK, OTHER, 2, sealed))
                .as("of another session")
                .isEmpty();
        assertThat(sealer.open(new ProviderName("entra"), SESSION, 2, sealed))
                .as("of another provider")
                .isEmpty();
    }

    @Test
    void tokensWhenOfANativeAppThenOpenedAsSuch() {
        UpstreamTokens tokens = new UpstreamTokens(
                ClientType.PUBLIC, Optional.of("r"), Optional.empty(), Optional.empty(), "", Optional.empty());
        HeldTokens held = new HeldTokens("ada", Optional.empty(), Optional.empty(), Optional.empty(), tokens);
        assertThat(sealer.open(KEYCLOAK, SESSION, 1, sealer.seal(KEYCLOAK, SESSION, 1, held)))
                .contains(held);
        UpstreamTokens answered = new UpstreamTokens(
                ClientType.PUBLIC, Optional.empty(), Optional.of("a"), Optional.empty(), "", Optional.empty());
        assertThat(held.refreshed(answered).tokens().client()).isEqualTo(ClientType.PUBLIC);
    }

    @Test
    void tokensWhenSealedThenNothingOfThemIsToBeSeen() {
        Set<String> nonces = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            String sealed = sealer.seal(KEYCLOAK, SESSION, 1, TOKENS);
            String[] parts = sealed.split("\\.", -1);
            assertThat(parts).hasSize(4).startsWith("v1");
            assertThat(new String(Base64.getUrlDecoder().decode(parts[3]), ISO_8859_1))
                    .doesNotContain("the-subject", "the-session", "the-refresh", "the-access", "the-id-token");
            nonces.add(parts[2]);
        }
        assertThat(nonces).hasSize(100);
        assertThat(TOKENS.toString()).doesNotContain("the-");
    }

    @Test
    void sealedWhenAnythingIsChangedThenNotOpened() {
        String sealed = sealer.seal(KEYCLOAK, SESSION, 1, TOKENS);
        for (int i = 0; i < sealed.length(); i++) {
            char changed = sealed.charAt(i) == 'A' ? 'B' : 'A';
            String other = sealed.substring(0, i) + changed + sealed.substring(i + 1);
            if (sealer.open(KEYCLOAK, SESSION, 1, other).isPresent()) {
                assertThat(Base64.getUrlDecoder().decode(other.split("\\.", -1)[3]))
                        .as("the same bytes, in another spelling of their last character")
                        .isEqualTo(Base64.getUrlDecoder().decode(sealed.split("\\.", -1)[3]));
            }
        }
        for (String broken : new String[] {"", "v1", "v1...", "v2" + sealed.substring(2), sealed + ".", "v1.!.?.="}) {
            assertThat(sealer.open(KEYCLOAK, SESSION, 1, broken)).as(broken).isEmpty();
        }
    }

    @Test
    void sealedWhenKeysRollOverThenOpenedUntilTheOldOneRetires() {
        String sealed = sealer.seal(KEYCLOAK, SESSION, 1, TOKENS);
        keys.rollOver();
        String anew = sealer.seal(KEYCLOAK, SESSION, 2, TOKENS);
        assertThat(anew.split("\\.", -1)[1]).isNotEqualTo(sealed.split("\\.", -1)[1]);
        assertThat(sealer.open(KEYCLOAK, SESSION, 1, sealed)).contains(TOKENS);
        keys.pass(Duration.ofDays(31));
        assertThat(sealer.open(KEYCLOAK, SESSION, 1, sealed)).isEmpty();
        assertThat(sealer.open(KEYCLOAK, SESSION, 2, anew)).contains(TOKENS);
    }
}
