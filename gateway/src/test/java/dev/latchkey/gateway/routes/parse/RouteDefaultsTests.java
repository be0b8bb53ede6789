package dev.latchkey.gateway.routes.parse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.pipeline.authorization.AccessLevel;
import dev.latchkey.gateway.reload.FileSnapshot;
import dev.latchkey.gateway.routes.TestRoutes;
import dev.latchkey.gateway.routes.definition.RouteEntry;
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

    private static RouteEntry route(String rest) {
        return RoutesReader.read(new FileSnapshot(List.of(TestRoutes.text("routes.yml", DEFAULTS + rest))))
                .fold(file -> file, faults -> {
                    throw new AssertionError(TestRoutes.sentences(faults).toString());
                })
                .routes()
                .get(0);
    }
}
