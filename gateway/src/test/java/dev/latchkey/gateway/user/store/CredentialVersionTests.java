package dev.latchkey.gateway.user.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CredentialVersionTests {

    private static final Optional<String> OLD = Optional.of("{bcrypt}old");
    private static final Optional<String> NEW = Optional.of("{bcrypt}new");
    private static final String STAMP = CredentialVersion.stamp(OLD, Optional.empty());

    @Test
    void stampWhenTheGatewayReplacesTheHashThenItStays() {
        Optional<String> version = Optional.of(CredentialVersion.keeping(STAMP, "{bcrypt}new"));
        assertThat(CredentialVersion.stamp(NEW, version)).isEqualTo(STAMP);
    }

    @Test
    void stampWhenAnotherProgramReplacesTheHashThenItIsThatOfTheHash() {
        Optional<String> version = Optional.of(CredentialVersion.keeping(STAMP, "{bcrypt}new"));
        Optional<String> third = Optional.of("{bcrypt}third");
        assertThat(CredentialVersion.stamp(third, version))
                .isEqualTo(CredentialVersion.stamp(third, Optional.empty()))
                .isNotEqualTo(STAMP);
    }

    @Test
    void stampWhenTheUserChoosesAPasswordThenAnotherAndSaysSoUntilAnotherProgramWrites() {
        Optional<String> version = Optional.of(CredentialVersion.replacing("{bcrypt}new"));
        assertThat(CredentialVersion.stamp(NEW, version))
                .isEqualTo(CredentialVersion.stamp(NEW, Optional.empty()))
                .isNotEqualTo(STAMP);
        assertThat(CredentialVersion.isOwnChoice(NEW, version)).isTrue();
        assertThat(CredentialVersion.isOwnChoice(OLD, version)).isFalse();
        assertThat(CredentialVersion.isOwnChoice(NEW, Optional.empty())).isFalse();
        Optional<String> upgraded = Optional.of(CredentialVersion.keeping(STAMP, "{bcrypt}new"));
        assertThat(CredentialVersion.isOwnChoice(NEW, upgraded)).isFalse();
    }

    @Test
    void stampWhenThereIsNoHashThenNeverEmpty() {
        assertThat(CredentialVersion.stamp(Optional.empty(), Optional.empty())).isNotEmpty();
        assertThat(CredentialVersion.stamp(Optional.of(""), Optional.of("x:y"))).isNotEmpty();
    }
}
