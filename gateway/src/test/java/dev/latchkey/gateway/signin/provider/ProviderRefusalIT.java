package dev.latchkey.gateway.signin.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.ProviderTrouble;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.testing.World;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A provider that refuses the gateway itself, which then leaves it alone for a while. */
final class ProviderRefusalIT {

    private static final StrictProvider PROVIDER = new StrictProvider(() -> now());

    @RegisterExtension
    static final World WORLD = new World(TestProviders.properties(PROVIDER));

    private static Instant now() {
        return WORLD.clock().instant();
    }

    @AfterAll
    static void stop() {
        PROVIDER.close();
    }

    @Test
    void callbackWhenTheProviderRefusesTheGatewayThenAPageAndNoLoop() {
        TestProviders.awaitReady(WORLD.browser());
        PROVIDER.signIn("ada-1", TestProviders.ADA);
        Visitor visitor = new Visitor(WORLD.browser());
        String callback = Visitor.atProvider(visitor.begin("/auth/providers/strict"));
        PROVIDER.next("/token", ProviderTrouble.error(401, "invalid_client"));

        HttpResponse<String> page = visitor.browser().navigate(callback);

        assertThat(page.statusCode()).isEqualTo(502);
        assertThat(page.body()).contains("<h1>This is not working right now</h1>", "Tell the operator");
        assertThat(visitor.attempts()).isEmpty();
        assertThat(WORLD.auditNames()).contains("sign-in-refused");
    }
}
