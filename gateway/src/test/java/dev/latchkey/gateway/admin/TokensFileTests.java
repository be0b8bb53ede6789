package dev.latchkey.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.gateway.reload.FileReport;
import dev.latchkey.gateway.yaml.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

/** What a file of operators' tokens, and the settings around it, may say. */
final class TokensFileTests {

    private static final String HASH = "a".repeat(64);

    @TempDir
    private Path folder;

    private FileReport check(String content) throws IOException {
        return AdminSetting.check(
                Files.writeString(folder.resolve("tokens"), content).toString());
    }

    @Test
    void parseWhenThereAreNamesAndCommentsThenTheTokensCount() throws IOException {
        String other = "0123456789abcdef".repeat(4);
        FileReport report = check("# who\r\n\r\n  ada : " + HASH + "  # since May\nada:" + other + "\n");
        assertThat(report.errors()).isEmpty();
        assertThat(report.count()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            "ada"                      | 1:1 | a line is a name
            "ada HASH"                 | 1:1 | a line is a name
            "a/b: HASH"                | 1:1 | a name begins with
            "ada: latchkey-secret"     | 1:6 | never the token itself
            "ada: HASHf"               | 1:6 | never the token itself
            "ada:"                     | 1:5 | never the token itself
            "ada: HASH\nbob:  HASH"    | 2:7 | the same token is in line 1
            """)
    void parseWhenALineIsWrongThenSaysWhereAndQuotesNothing(String content, String place, String message)
            throws IOException {
        FileReport report = check(content.replace("\\n", "\n").replace("HASH", HASH));
        assertThat(report.errors()).hasSize(1);
        Fault fault = report.errors().get(0);
        assertThat(fault.position().line() + ":" + fault.position().column()).isEqualTo(place);
        assertThat(fault.message()).contains(message).doesNotContain("secret", HASH);
    }

    @Test
    void parseWhenThereIsNoneOrTooMuchThenSaysSo() throws IOException {
        assertThat(check("# nobody\n").warnings()).hasSize(1);
        String many = IntStream.rangeClosed(0, 200)
                .mapToObj(i -> "ada: %064x\n".formatted(i))
                .collect(Collectors.joining());
        assertThat(check(many).errors().toString()).contains("more than 200");
        assertThat(check("#".repeat(70_000)).errors().toString()).contains("larger than 64 kB");
        assertThat(AdminSetting.check(folder.resolve("none").toString())
                        .errors()
                        .toString())
                .contains("does not exist");
    }

    @Test
    void settingWhenItCannotWorkThenSaysWhy() {
        MockEnvironment certificates = new MockEnvironment()
                .withProperty("latchkey.admin.client-certificates.ada", "CN=ada")
                .withProperty("management.server.port", "9090");
        assertThat(AdminSetting.fault(certificates))
                .hasValueSatisfying(fault -> assertThat(fault).contains("client-auth"));
        assertThat(AdminSetting.fault(certificates.withProperty("management.server.ssl.client-auth", "need")))
                .isEmpty();
        assertThat(AdminSetting.fault(certificates
                        .withProperty("management.server.port", "8080")
                        .withProperty("server.port", "8080")))
                .hasValueSatisfying(fault -> assertThat(fault).contains("management port of its own"));
        assertThat(AdminSetting.fault(new MockEnvironment())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ada", "CN=ada,,", "=x"})
    void certificatesWhenASubjectIsNoDistinguishedNameThenRefused(String subject) {
        assertThatThrownBy(() -> ClientCertificates.of(Map.of("ada", subject)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("latchkey.admin.client-certificates");
        assertThatThrownBy(() -> ClientCertificates.of(Map.of("ada", "CN=a,O=b", "bob", "cn=A, o=B")))
                .hasMessageContaining("two operators");
    }
}
