package dev.latchkey.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a server is refused, and when it is given the benefit of the doubt. */
final class CapabilityTests {

    @ParameterizedTest
    @ValueSource(strings = {"6.0.16", "5.0.7", "6.1.240", "2.8.24"})
    void unfitWhenOldAndItDoesNotSayItsCommandsThenItsVersionDecides(String version) {
        assertThat(new Capability(Optional.of(version), Optional.empty()).unfit())
                .contains("Redis " + version + " is too old: 6.2 or newer is required");
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.2.0", "6.2.6", "7.0.15", "8.0.1", "10.0", "unstable", ""})
    void unfitWhenNewEnoughOrUnknownThenNothing(String version) {
        assertThat(new Capability(Optional.of(version), Optional.empty()).unfit())
                .isEmpty();
    }

    @Test
    void unfitWhenItKnowsAllCommandsThenItsVersionDoesNotMatter() {
        assertThat(new Capability(Optional.of("6.0.0"), Optional.of(Set.of())).unfit())
                .isEmpty();
    }

    @Test
    void unfitWhenItKnowsNotAllThenTheyAreNamed() {
        assertThat(new Capability(Optional.empty(), Optional.of(Set.of("HRANDFIELD", "GETEX"))).unfit())
                .contains("Redis does not know GETEX, HRANDFIELD, which the gateway's scripts call:"
                        + " Redis 6.2 or newer is required");
        assertThat(Capability.UNKNOWN.unfit()).isEmpty();
    }

    @Test
    void commandsWhenReadFromTheScriptsThenThoseThatCameLastAreAmongThem() {
        assertThat(LuaScripts.COMMANDS).contains("HRANDFIELD", "HSET", "PUBLISH", "TIME");
    }
}
