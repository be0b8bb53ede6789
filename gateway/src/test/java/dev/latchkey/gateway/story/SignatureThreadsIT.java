package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.keys.IdentityAlgorithm;
import dev.latchkey.gateway.keys.KeyDirectory;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * On which threads tokens are signed and verified: each signature reads the clock, for when its token begins, and so
 * does each verification.
 */
final class SignatureThreadsIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static final String KEYS = "dev.latchkey.gateway.keys.";
    private static final String IDENTITY_TOKENS = "dev.latchkey.gateway.pipeline.identity.IdentityTokens";

    private final Set<String> accessTokens = ConcurrentHashMap.newKeySet();
    private final Set<String> identityTokens = ConcurrentHashMap.newKeySet();

    @BeforeEach
    void listen() {
        WORLD.clock().whenRead(this::note);
    }

    @AfterEach
    void stopListening() {
        WORLD.clock().whenRead(() -> {});
    }

    private void note() {
        String thread = Thread.currentThread().getName().replaceAll("[0-9]+$", "N");
        StackWalker.getInstance().forEach(frame -> {
            if (frame.getClassName().startsWith(KEYS + "Hs256Tokens")) {
                accessTokens.add(thread);
            } else if (frame.getClassName().equals(IDENTITY_TOKENS)
                    && frame.getMethodName().equals("sign")) {
                identityTokens.add(thread);
            }
        });
    }

    @Test
    void signWhenRedisHasAnsweredThenNeverOnAThreadOfItsDriver() {
        Browser browser = WORLD.signedIn("ada");
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
        WORLD.expireAccessToken();
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
        WORLD.clock().advanceSeconds(1);
        assertThat(browser.post("/auth/refresh").statusCode()).isEqualTo(200);
        WORLD.clock().advance(World.ACCESS.plusMinutes(5));
        assertThat(browser.post("/auth/refresh").statusCode()).isEqualTo(200);
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
        assertThat(browser.post("/auth/sign-out").statusCode()).isEqualTo(204);

        assertThat(accessTokens).isNotEmpty().noneMatch(SignatureThreadsIT::isOfTheDriver);
        assertThat(identityTokens).isNotEmpty().noneMatch(SignatureThreadsIT::isOfTheDriver);
    }

    /** An RS256 signature takes most of a millisecond. */
    @Test
    void signWhenASignatureTakesLongThenOnThreadsForThat(@TempDir Path keys) {
        KeyDirectory.create(keys, IdentityAlgorithm.RS256, WORLD.clock());
        try (Gateway node = WORLD.startFreshNode(Map.of("latchkey.keys.directory", keys.toString()))) {
            Browser browser = WORLD.browser().at(node.url());
            browser.signIn("ada", "ada");
            identityTokens.clear();
            assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
            WORLD.clock().advance(World.ACCESS.plusMinutes(5));
            assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);

            assertThat(identityTokens).containsExactly("latchkey-signatures-N");
        }
    }

    private static boolean isOfTheDriver(String thread) {
        return thread.startsWith("lettuce");
    }
}
