package dev.latchkey.gateway.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latchkey.gateway.token.cookie.CookieNames;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ValueTests {

    @Test
    void randomSessionIdWhenMadeThenHasAPublicIdThatIsNotIt() {
        SessionId session = SessionId.random(new SecureRandom());
        assertThat(session.value()).hasSize(22);
        assertThat(session.publicId().value()).hasSize(22).isNotEqualTo(session.value());
        assertThat(session.publicId()).isEqualTo(new SessionId(session.value()).publicId());
    }

    @Test
    void characterWhenOfASessionIdThenThatOfItsText() {
        SecureRandom random = new SecureRandom();
        for (int i = 0; i < 100; i++) {
            SessionId session = SessionId.random(random);
            StringBuilder text = new StringBuilder();
            IntStream.range(0, SessionId.LENGTH).forEach(at -> text.append(session.characterAt(at)));
            assertThat(text).hasToString(session.value());
        }
    }

    /** The last one has 22 characters, which are 132 bits, and ends with a bit beyond the 128. */
    @ParameterizedTest
    @ValueSource(
            strings = {"", "short", "0123456789012345678901/", "01234567890123456789012", "AAAAAAAAAAAAAAAAAAAAAB"})
    void sessionIdWhenOfAnotherFormThenRefused(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> new SessionId(value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\nb", "a\u0000b"})
    void subjectWhenEmptyOrWithControlCharactersThenRefused(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Subject(value));
    }

    @Test
    void subjectWhenOfAProviderThenNamesItAndEqualsNoLocalName() {
        Subject subject = Subject.of(new ProviderName("keycloak"), "a|b");
        assertThat(subject.value()).isEqualTo("keycloak|a|b");
        assertThat(subject.provider()).contains(new ProviderName("keycloak"));
        assertThat(subject.isOfProvider()).isTrue();
        assertThat(Subject.isLocalName(subject.value())).isFalse();
        assertThat(Subject.isWellFormed(Subject.of(new ProviderName("p".repeat(30)), "s".repeat(255))
                        .value()))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ada", "|ada", "ada|", "Keycloak|ada", "a b|ada", "ä|ada"})
    void subjectWhenNoProviderStandsInFrontThenOfNone(String value) {
        assertThat(new Subject(value).isOfProvider()).isFalse();
    }

    @Test
    void subjectWhenOfAProviderWithoutSubOrTooLongThenRefused() {
        ProviderName provider = new ProviderName("keycloak");
        assertThatIllegalArgumentException().isThrownBy(() -> Subject.of(provider, ""));
        assertThatIllegalArgumentException().isThrownBy(() -> Subject.of(provider, "s".repeat(300)));
        assertThat(Subject.isLocalName("n".repeat(255))).isTrue();
        assertThat(Subject.isLocalName("n".repeat(256))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Keycloak", "1a", "a|b", "a/b", "a.b", "a_b", "abcdefghijklmnopqrstuvwxyzabcde"})
    void providerNameWhenOfAnotherFormThenRefused(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ProviderName(value));
    }

    @Test
    void generationWhenCountedThenAlternatesParity() {
        assertThat(Generation.FIRST.parity()).isEqualTo(1);
        assertThat(Generation.FIRST.next().parity()).isZero();
        assertThat(Generation.FIRST.next()).isGreaterThan(Generation.FIRST);
        assertThatIllegalArgumentException().isThrownBy(() -> new Generation(0));
    }

    @Test
    void rolesWhenMadeThenSortedAndEachOnce() {
        assertThat(Roles.of(List.of("b", "a", "b")).names()).containsExactly("a", "b");
        assertThat(Roles.of(List.of("a")).containsAny(Roles.of(List.of("b", "a"))))
                .isTrue();
        assertThat(Roles.of(List.of("a")).containsAny(Roles.of(List.of("b")))).isFalse();
    }

    @Test
    void ownsWhenAskedThenOnlyTheGatewaysOwn() {
        CookieNames names = new CookieNames("__Host-latchkey-");
        assertThat(names.refresh(Generation.FIRST)).isEqualTo("__Host-latchkey-refresh-1");
        assertThat(owns(names, "__Host-latchkey-access")).isTrue();
        assertThat(owns(names, "__Host-latchkey-refresh-0")).isTrue();
        assertThat(owns(names, "__Host-latchkey-return-abc")).isTrue();
        assertThat(owns(names, "__Host-latchkey-attempt-abc")).isTrue();
        assertThat(owns(names, "latchkey-operator")).isTrue();
        assertThat(owns(names, "__Host-latchkey-attempts")).isFalse();
        assertThat(owns(names, "__Host-latchkey-refresh-2")).isFalse();
        assertThat(owns(names, "latchkey-access")).isFalse();
    }

    private static boolean owns(CookieNames names, String name) {
        return names.owns(name, 0, name.length());
    }

    @Test
    void accessTtlWhenOutOfBoundsThenNamesTheProperty() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TokenProperties(Duration.ofHours(2)))
                .withMessageContaining("latchkey.token.access-ttl");
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenProperties(Duration.ZERO));
    }
}
