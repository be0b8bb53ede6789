package dev.latchkey.gateway.signin.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.ProviderTrouble;
import dev.latchkey.gateway.testing.StrictProvider;
import dev.latchkey.gateway.testing.World;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Codes from one address that the provider refuses have a limit, as wrong passwords have. */
final class CodeLimitIT {

    private static final int LIMIT = 3;
    private static final String START = "/auth/providers/strict?return=%2Fapi%2Fx";
    private static final StrictProvider PROVIDER = new StrictProvider(() -> now());

    @RegisterExtension
    static final World WORLD = new World(properties());

    private static Map<String, Object> properties() {
        Map<String, Object> all = new HashMap<>(TestProviders.properties(PROVIDER));
        all.put("latchkey.sign-in.per-address", LIMIT);
        return all;
    }

    private static Instant now() {
        return WORLD.clock().instant();
    }

    @AfterAll
    static void stop() {
        PROVIDER.close();
    }

    @BeforeEach
    void signInAtProvider() {
        TestProviders.begin(PROVIDER, WORLD);
    }

    @Test
    void callbackWhenAnAddressMakesCodesUpThenTheyAreNeitherSentNorRememberedWithoutEnd() {
        for (int number = 0; number < LIMIT; number++) {
            assertThat(madeUp().statusCode()).isEqualTo(303);
        }
        HttpResponse<String> page = madeUp();
        assertThat(page.statusCode()).isEqualTo(429);
        assertThat(page.headers().firstValue("Retry-After")).isPresent();
        assertThat(page.body()).contains("<h1>Too many sign-ins</h1>");
        assertThat(PROVIDER.tokenRequests("authorization_code")).isEqualTo(LIMIT);
        assertThat(WORLD.redis().say("KEYS latchkey:used:state:*").lines()).hasSize(LIMIT);
    }

    @Test
    void callbackWhenUsersSignInThenTheyDoNotCount() {
        for (int number = 0; number <= LIMIT; number++) {
            assertThat(location(new Visitor(WORLD.browser()).signIn(START))).isEqualTo("/api/x");
        }
    }

    @Test
    void callbackWhenTheProviderDoesNotAnswerThenItDoesNotCount() {
        PROVIDER.always("/token", ProviderTrouble.loses());
        for (int number = 0; number <= LIMIT; number++) {
            assertThat(new Visitor(WORLD.browser()).signIn(START).statusCode()).isEqualTo(303);
        }
        PROVIDER.heal();
        assertThat(location(new Visitor(WORLD.browser()).signIn(START))).isEqualTo("/api/x");
    }

    private static HttpResponse<String> madeUp() {
        Visitor visitor = new Visitor(WORLD.browser());
        String callback = Visitor.atProvider(visitor.begin(START));
        return visitor.browser().navigate(callback.replaceAll("code=[^&]*", "code=made-up"));
    }

    private static String location(HttpResponse<String> answer) {
        return Visitor.location(answer).toString();
    }
}
