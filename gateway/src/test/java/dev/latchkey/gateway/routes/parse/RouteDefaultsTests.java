package dev.latchkey.gateway.routes.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.pipeline.authorization.AccessLevel;
import dev.latchkey.gateway.pipeline.authorization.Relay;
import dev.latchkey.gateway.pipeline.authorization.RequiredSignIn;
import dev.latchkey.gateway.reload.FileSnapshot;
import dev.latchkey.gateway.routes.TestRoutes;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.token.Audience;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a route inherits, and that its own word takes the place of what it would inherit. */
final class RouteDefaultsTests {

    private static final String DEFAULTS = """
            version: 1
            defaults:
              entry: { roles: [customer], audience: shop }
              rewrite: { strip-prefix: 1 }
              timeout: 5s
            routes:
              - id: a
                match: { path: /a }
                to: http://a
            """;

    @Test
    void readWhenRouteSaysNothingThenInherits() {
        RouteEntry route = route("    entry: { access: required }\n");

        assertThat(route.entry().roles().anyOf().names()).containsExactly("customer");
        assertThat(route.entry().audience().orElseThrow().value()).isEqualTo("shop");
        assertThat(route.settings().rewrite().path().stripPrefix()).isEqualTo(1);
        assertThat(route.settings().timeout()).contains(Duration.ofSeconds(5));
    }

    @Test
    void readWhenRouteSaysItselfThenItsOwnKeyByKey() {
        RouteEntry route = route("""
                    entry: { access: optional, roles: [admin] }
                    timeout: 1s
                    rewrite: { strip-prefix: 0 }
                """);

        assertThat(route.entry().roles().anyOf().names()).containsExactly("admin");
        assertThat(route.entry().audience().orElseThrow().value()).isEqualTo("shop");
        assertThat(route.settings().rewrite().path().stripPrefix()).isZero();
        assertThat(route.settings().timeout()).contains(Duration.ofSeconds(1));
    }

    @Test
    void readWhenRouteIsPublicThenInheritedRolesAreForOthers() {
        RouteEntry route = route("    entry: { access: public }\n");

        assertThat(route.entry().access()).isEqualTo(AccessLevel.PUBLIC);
        assertThat(route.entry().roles().isEmpty()).isTrue();
        assertThat(route.entry().audience()).isEmpty();
    }

    /** They would keep users out whose sign-in is old, but nobody who has not signed in at all. */
    @Test
    void readWhenNobodyMustSignInThenInheritedStepUpsAreForOthers() {
        String defaults = DEFAULTS.replace("audience: shop", "audience: shop, max-age: 5m, acr-values: [mfa]");

        assertThat(route(defaults, "    entry: { access: optional }\n")
                        .entry()
                        .options()
                        .requiredSignIn())
                .isEqualTo(RequiredSignIn.NONE);
        assertThat(route(defaults, "    entry: { access: required }\n")
                        .entry()
                        .options()
                        .requiredSignIn()
                        .maxAge())
                .contains(Duration.ofMinutes(5));
    }

    @Test
    void readWhenTheProvidersTokenIsRelayedThenAnAudienceIsThatOfAnExchangeAndNoneIsMadeUp() {
        RouteEntry exchanged = route("    entry: { access: required, relay: access-token }\n");
        assertThat(exchanged.entry().options().relay()).isEqualTo(Relay.ACCESS_TOKEN);
        assertThat(exchanged.entry().audience()).contains(new Audience("shop"));

        RouteEntry issued = route(
                DEFAULTS.replace(", audience: shop", ""), "    entry: { access: optional, relay: access-token }\n");
        assertThat(issued.entry().audience()).isEmpty();
    }

    @Test
    void readWhenARouteAnswersItselfThenARelayIsForOthers() {
        String defaults = DEFAULTS.replace("audience: shop", "relay: access-token")
                .replace("    to: http://a\n", "    respond: { status: 410 }\n");
        RouteEntry route = route(defaults, "    entry: { access: required }\n");
        assertThat(route.entry().options().relay()).isEqualTo(Relay.NONE);
    }

    private static RouteEntry route(String rest) {
        return route(DEFAULTS, rest);
    }

    private static RouteEntry route(String defaults, String rest) {
        return RoutesReader.read(new FileSnapshot(List.of(TestRoutes.text("routes.yml", defaults + rest))))
                .fold(file -> file, faults -> {
                    throw new AssertionError(TestRoutes.sentences(faults).toString());
                })
                .routes()
                .get(0);
    }
}
