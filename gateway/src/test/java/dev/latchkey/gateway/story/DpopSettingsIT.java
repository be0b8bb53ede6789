package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.DpopClient;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What operators can change of tokens that are bound to a client's key. */
final class DpopSettingsIT {

    private static final String PATH = "/api/x";

    @RegisterExtension
    static final World WORLD = World.shared();

    @Test
    void nodeWhenDpopIsOffThenItLooksAtNoProofAndRefusesBoundTokens() {
        DpopClient bound = new DpopClient(WORLD.url(), WORLD.clock());
        bound.signIn("ada");
        try (Gateway node = WORLD.startNode(Map.of("latchkey.dpop.enabled", false))) {
            DpopClient client = new DpopClient(node.url(), WORLD.clock());

            assertThat(client.signIn("ada").body()).contains("\"tokenType\":\"Bearer\"");
            assertThat(status(client, "Bearer", client.access())).isEqualTo(200);
            assertThat(client.nonce()).isEmpty();
            assertThat(status(client, "Bearer", bound.access())).isEqualTo(401);
            assertThat(status(client, "DPoP", bound.access())).isEqualTo(401);
            assertThat(client.post("/auth/refresh", "{\"refreshToken\":\"" + bound.refreshToken() + "\"}")
                            .statusCode())
                    .isEqualTo(401);
        }
        assertThat(bound.get(PATH).statusCode()).as("nothing ended its session").isEqualTo(200);
        assertThat(bound.refresh().statusCode()).isEqualTo(200);
    }

    private static int status(DpopClient client, String scheme, String access) {
        return client.send(client.request(PATH)
                        .header("Authorization", scheme + " " + access)
                        .GET())
                .statusCode();
    }

    @Test
    void proofWhenItNeedsNoNonceThenOnlyTheSkewLimitsIt() {
        Map<String, Object> own = Map.of("latchkey.dpop.nonce-required", false, "latchkey.dpop.skew", "5s");
        try (Gateway node = WORLD.startNode(own)) {
            DpopClient client = new DpopClient(node.url(), WORLD.clock());
            assertThat(client.signIn("ada").body()).contains("\"tokenType\":\"DPoP\"");

            assertThat(client.get(PATH, proof(client, -4)).statusCode()).isEqualTo(200);
            assertRefused(client.get(PATH, proof(client, -6)));
            String ahead = proof(client, 6);
            assertRefused(client.get(PATH, ahead));
            WORLD.clock().advanceSeconds(1);
            assertThat(client.get(PATH, ahead).statusCode()).as("in its time").isEqualTo(200);
            assertRefused(client.get(PATH, ahead));
            assertThat(client.nonce()).isEmpty();
        }
    }

    /** One that was made this many seconds from now by its client's clock. */
    private static String proof(DpopClient client, int seconds) {
        Map<String, Object> claims = client.withToken("GET", PATH);
        claims.put("iat", WORLD.clock().instant().getEpochSecond() + seconds);
        return client.sign(claims);
    }

    private static void assertRefused(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate"))
                .contains("DPoP error=\"invalid_dpop_proof\", algs=\"ES256\"");
    }
}
