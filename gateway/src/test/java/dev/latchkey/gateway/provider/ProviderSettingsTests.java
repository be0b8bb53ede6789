package dev.latchkey.gateway.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A provider that is configured wrongly stops the start with a sentence; a preset fills in what is not set. */
final class ProviderSettingsTests {

    @RegisterExtension
    private final ProviderFixture fixture = new ProviderFixture();

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            issuer                 | http://id.example        | issuer
            issuer                 | https://id.example/?a=b  | issuer
            issuer                 | https://me@id.example/   | issuer
            issuer                 | nonsense                 | issuer
            client-id              | none                     | client-id
            client-secret-file     | none                     | client-secret-file
            private-key-file       | /key                     | client-secret-file
            scopes                 | profile,email            | openid
            native-client-id       | app                      | native-redirect-uris
            native-redirect-uris   | com.example.app:/back    | native-client-id
            id-token-algorithm     | HS256                    | id-token-algorithm
            id-token-algorithm     | none-at-all              | id-token-algorithm
            id-token-algorithm     | EdDSA                    | id-token-algorithm
            id-token-algorithm     | ES256K                   | id-token-algorithm
            extra-parameters.state | x                        | extra-parameters
            extra-parameters.code_challenge_method | plain    | extra-parameters
            extra-parameters.redirect_uri | x                 | extra-parameters
            resource               | relative                 | resource
            call-timeout           | 0s                       | call-timeout
            call-timeout           | 2m                       | call-timeout
            lease                  | 8s                       | lease
            orphan-wait            | -1s                      | orphan-wait
            default-expires-in     | 0s                       | default-expires-in
            """)
    void settingWhenWrongThenSaysWhich(String name, String value, String word) {
        Map<String, String> settings = Map.of(name, value == null ? "" : value);
        assertThatThrownBy(() -> fixture.settings(settings))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("latchkey.providers")
                .hasMessageContaining(word);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            generic  | roles              | openid profile email
            keycloak | realm_access.roles | openid profile email
            entra    | roles              | openid profile email offline_access
            okta     | groups             | openid profile email offline_access
            auth0    | roles              | openid profile email offline_access
            google   | ''                 | openid profile email
            cognito  | cognito:groups     | openid profile email
            """)
    void presetWhenNothingElseIsSetThenFillsIn(String preset, String roles, String scopes) {
        ProviderSettings settings = fixture.settings(Map.of("preset", preset));
        assertThat(settings.rolesClaim()).isEqualTo(roles);
        assertThat(String.join(" ", settings.scopes())).isEqualTo(scopes);
        ProviderSettings own = fixture.settings(Map.of("preset", preset, "roles-claim", "a.b", "scopes", "openid"));
        assertThat(own.rolesClaim()).isEqualTo("a.b");
        assertThat(own.scopes()).containsExactly("openid");
    }

    @Test
    void presetWhenItsMetadataDoesNotMentionPkceThenIsTrustedToKnowIt() {
        fixture.server().metadata("code_challenge_methods_supported", "");
        assertThat(fixture.ready(Map.of("preset", "entra")).isReady()).isTrue();
        assertThat(fixture.ready(Map.of("preset", "cognito")).isReady()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0s, true", "30s, true", "24s, true", "23s, false", "10s, false"})
    void graceWhenShorterThanARepeatNeedsThenIsKnown(String grace, boolean survives) {
        assertThat(fixture.settings(Map.of("reuse-grace", grace)).survivesCrash())
                .isEqualTo(survives);
    }

    @ParameterizedTest
    @CsvSource({"latchkey", "' '"})
    void nativeClientWhenItIsNoneOfItsOwnThenRefused(String id) {
        assertThatThrownBy(() -> fixture.settings(
                        Map.of("client-id", "latchkey", "native-client-id", id, "native-redirect-uris", "a.b:/c")))
                .rootCause()
                .hasMessageContaining("native-client-id must be another client");
    }

    @Test
    void nativeRedirectWhenItCannotBeTrustedThenSaysWhich() {
        assertThatThrownBy(() -> fixture.settings(Map.of(
                        "native-client-id", "app", "native-redirect-uris", "https://app.example/back,app:/back")))
                .rootCause()
                .hasMessageContaining("native-redirect-uris: 'app:/back' has a scheme without a dot");
    }

    @Test
    void settingsWhenPrintedThenHoldNoSecret() {
        assertThat(fixture.settings(Map.of()).toString()).doesNotContain("secret of the client");
    }
}
