package dev.latchkey.gateway.user;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.management.GatewayCommand;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UsersCommandTests {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @CsvSource({
        "'', {bcrypt}",
        "--algorithm bcrypt, {bcrypt}",
        "--algorithm argon2, {argon2}",
        "--algorithm scrypt, {scrypt}",
        "--algorithm pbkdf2, {pbkdf2@SpringSecurity_v5_8}"
    })
    void runWhenPasswordThenHashThatTheFileTakes(String words, String prefix) {
        assertThat(run("päss word\r\nnext line", words.isEmpty() ? new String[0] : words.split(" ", -1)))
                .isZero();

        String hash = out.toString(UTF_8).strip();
        assertThat(PasswordHash.parse(hash).stored()).startsWith(prefix);
        assertThat(PasswordHash.encoder("bcrypt").matches("päss word", hash)).isTrue();
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "--algorithm", "--algorithm md5", "--algorithm argon2 secret", "--secret"})
    void runWhenCalledWronglyThenOneSentenceAndTwo(String words) {
        assertThat(run("pass\n", words.split(" ", -1))).isEqualTo(2);

        assertThat(err.toString(UTF_8))
                .startsWith("users hash: ")
                .contains("--help")
                .doesNotContain("secret");
        assertThat(out.toString(UTF_8)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n", "a\0b", "x*73", "ä*37", "x*5000"})
    void runWhenPasswordIsImpossibleThenOneSentenceAndOne(String input) {
        String[] repeated = input.split("\\*", -1);
        String password = repeated.length == 1 ? input : repeated[0].repeat(Integer.parseInt(repeated[1]));

        assertThat(run(password)).isEqualTo(1);

        assertThat(err.toString(UTF_8).lines()).hasSize(1);
        assertThat(out.toString(UTF_8)).isEmpty();
    }

    @Test
    void runWhenACharacterComesInTwoPartsThenHashedAsOne() {
        assertThat(run("pa\u0308ss\n")).isZero();

        String hash = out.toString(UTF_8).strip();
        assertThat(PasswordHash.encoder("bcrypt").matches("p\u00e4ss", hash)).isTrue();
    }

    @Test
    void runWhenLongAndArgon2ThenHash() {
        assertThat(run("x".repeat(1024), "--algorithm", "argon2")).isZero();
    }

    private int run(String input, String... words) {
        PrintStream printed = new PrintStream(out, true, UTF_8);
        PrintStream complained = new PrintStream(err, true, UTF_8);
        UsersCommand command = new UsersCommand(new ByteArrayInputStream(input.getBytes(UTF_8)), printed, complained);
        String[] all =
                Stream.concat(Stream.of("users", "hash"), Arrays.stream(words)).toArray(String[]::new);
        return GatewayCommand.execute(List.of(command), printed, complained, all);
    }
}
