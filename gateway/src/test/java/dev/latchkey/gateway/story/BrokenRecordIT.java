package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.AuditFacts;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A user whose record cannot be read signs in once more; nothing of theirs is 503 for ever. */
final class BrokenRecordIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void recordWhenItCannotBeReadThenTheSessionEndsAuditedAndTheUserSignsInAnew(String what, Consumer<Browser> breaks) {
        Browser browser = WORLD.signedIn("ada");
        breaks.accept(browser);
        WORLD.expireAccessToken();
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(401);
        assertThat(browser.get("/auth/sign-in").statusCode()).isEqualTo(200);
        assertThat(WORLD.audit())
                .filteredOn(event -> event.name().equals("session-revoked"))
                .extracting(event -> AuditFacts.of(event, "reason"))
                .containsExactly("unreadable");
        assertThat(browser.signIn("ada", "ada").statusCode()).isEqualTo(200);
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
        assertThat(browser.get("/auth/sessions").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keysWhenNothingInThemCanBeReadThenPeopleSignInAllTheSame(boolean ofAnotherType) {
        Browser browser = WORLD.signedIn("ada");
        assertThat(browser.signIn("ada", "wrong").statusCode()).isEqualTo(401);
        WORLD.spoil(ofAnotherType);
        assertThat(browser.signIn("ada", "ada").statusCode()).isEqualTo(200);
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
        WORLD.expireAccessToken();
        assertThat(browser.get("/api/x").statusCode()).isEqualTo(200);
        WORLD.spoil(ofAnotherType);
        try (Gateway node = WORLD.startFreshNode(Map.of())) {
            Browser other = new Browser(node.url());
            assertThat(other.signIn("ada", "ada").statusCode()).isEqualTo(200);
            assertThat(other.get("/api/x").statusCode()).isEqualTo(200);
            assertThat(other.post("/auth/sign-out").statusCode()).isEqualTo(204);
        }
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                Arguments.of("of another type", (Consumer<Browser>) WORLD::replaceByText),
                Arguments.of("gen", change("gen", "x")),
                Arguments.of("expires", change("expires", "")),
                Arguments.of("a packed generation", change("1", "1,2,3")),
                Arguments.of("claims", change("claims", "{")));
    }

    private static Consumer<Browser> change(String field, String value) {
        return browser -> WORLD.change(browser, field, value);
    }
}
