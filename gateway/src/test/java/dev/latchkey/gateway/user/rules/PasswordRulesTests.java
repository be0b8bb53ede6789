package dev.latchkey.gateway.user.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.user.Password;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PasswordRulesTests {

    private static final List<String> NAMES = List.of("ada", "Ada Lovelace", "Lovelace", "latchkey", "shop", "of");
    private static final PasswordRules RULES = new PasswordRules(new PasswordProperties(15, null));

    private static Optional<String> refusal(String next) {
        return RULES.refusal(new Password(next), new Password("the old one of mine"), NAMES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "correct horse battery staple",
                "aaaaaaa bbbbbbb",
                "ein Satz mit Umlauten: äöü",
                "ada goes to the shop",
                "\uD83D\uDD11\uD83D\uDD12\uD83D\uDD13\uD83D\uDD14\uD83D\uDD15\uD83D\uDD16\uD83D\uDD17\uD83D\uDD18"
                        + "\uD83D\uDD19\uD83D\uDD1A\uD83D\uDD1B\uD83D\uDD1C\uD83D\uDD1D\uD83D\uDD1E\uD83D\uDD1F"
            })
    void refusalWhenLongAndOneOfManyThenNone(String next) {
        assertThat(refusal(next)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "fourteen chars,                at least 15 characters",
        "the old one of mine,           another one",
        "1234567890987654321,           guessed first",
        "PasswordPassword,              guessed first",
        "123456789012345,               guessed first",
        "zzzzzzzzzzzzzzzz,              guessed first",
        "xy1!xy1!xy1!xy1!,              guessed first",
        "abcdefghijklmnopq,             guessed first",
        "onmlkjihgfedcba,               guessed first",
        "Telecommunications,            guessed first",
        "adaadaadaadaada,               guessed first",
        "Ada Lovelace 1815!,            name of yours",
        "latchkey-latchkey2,            name of yours"
    })
    void refusalWhenGuessedSoonThenSaysWhy(String next, String why) {
        assertThat(refusal(next))
                .hasValueSatisfying(sentence -> assertThat(sentence).contains(why));
    }

    @Test
    void refusalWhenCharactersCannotBeHashedThenSaysWhy() {
        assertThat(refusal("a zero \0 byte in it")).hasValueSatisfying(this::saysCharacters);
        assertThat(refusal("half a character \uD83D")).hasValueSatisfying(this::saysCharacters);
        assertThat(refusal("two lines\nof a password")).hasValueSatisfying(this::saysCharacters);
        assertThat(refusal("é".repeat(512)))
                .hasValueSatisfying(text -> assertThat(text).contains("guessed"));
        assertThat(refusal("é".repeat(513)))
                .hasValueSatisfying(text -> assertThat(text).contains("1024 bytes"));
    }

    private void saysCharacters(String sentence) {
        assertThat(sentence).contains("control characters");
    }

    /** A letter and its accent are one character, as they are when the password is hashed. */
    @Test
    void refusalWhenLengthCountsThenOfTheNormalForm() {
        assertThat(refusal("cafe\u0301 au lait, 14")).isEmpty();
        assertThat(refusal("e\u0301e\u0301e\u0301e\u0301e\u0301 12345678"))
                .hasValueSatisfying(text -> assertThat(text).contains("15"));
        assertThat(RULES.refusal(new Password("the cafe\u0301 at noon"), new Password("the caf\u00e9 at noon"), NAMES))
                .hasValueSatisfying(text -> assertThat(text).contains("another one"));
    }

    @Test
    void refusalWhenInTheFileThenGuessedFirstWhateverItsCase(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("list.txt"), "\nThe Motto of our Shop \n");
        PasswordRules rules = new PasswordRules(new PasswordProperties(8, file.toString()));
        assertThat(rules.refusal(new Password("the motto of our shop"), new Password("x"), List.of()))
                .isPresent();
        assertThat(rules.refusal(new Password("the motto of my shop"), new Password("x"), List.of()))
                .isEmpty();
    }

    /** The list is compared in the form of the password that is. */
    @Test
    void refusalWhenInTheFileInAnotherNormalFormThenGuessedFirst(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("list.txt"), "cafe\u0301 of\u00a0the corner\n");
        PasswordRules rules = new PasswordRules(new PasswordProperties(8, file.toString()));
        for (String form : List.of("caf\u00e9 of the corner", "cafe\u0301 of\u00a0the corner")) {
            assertThat(rules.refusal(new Password(form), new Password("x"), List.of()))
                    .isPresent();
        }
    }

    @Test
    void rulesWhenTheFileIsNotThereThenTheStartEndsWithItsName(@TempDir Path folder) {
        String file = folder.resolve("none.txt").toString();
        PasswordProperties properties = new PasswordProperties(15, file);
        assertThatThrownBy(() -> new PasswordRules(properties))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(file)
                .hasMessageContaining("latchkey.users.passwords.blocklist-file");
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 65})
    void propertiesWhenTheLengthIsOutOfReasonThenRefused(int length) {
        assertThatThrownBy(() -> new PasswordProperties(length, null)).hasMessageContaining("between 8 and 64");
    }
}
