package dev.latchkey.gateway.user;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.gateway.reload.FileSnapshot;
import dev.latchkey.gateway.reload.SourceFile;
import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.token.Roles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class UsersReaderTests {

    @Test
    void readWhenGoodThenAllUsersWhoMaySignIn() {
        UserTable users = read("users:\n"
                + TestUsers.user("ada", TestUsers.BCRYPT, ", roles: [customer, admin, customer], disabled: false")
                + TestUsers.user("bob", TestUsers.BCRYPT, "")
                + TestUsers.user("\"12\"", TestUsers.ARGON2, ", roles: []")
                + TestUsers.user("eve", TestUsers.BCRYPT, ", disabled: true"));

        assertThat(users.byName().keySet()).containsExactlyInAnyOrder("ada", "bob", "12");
        assertThat(users.find("ada").orElseThrow().user().roles().names()).containsExactly("admin", "customer");
        assertThat(users.find("bob").orElseThrow().user().roles()).isEqualTo(Roles.NONE);
        assertThat(users.costs()).isEqualTo(2);
        assertThat(users.dummyHash().cost()).isEqualTo("{bcrypt}$2a$04$");
        assertThat(users.toString())
                .doesNotContain(TestUsers.BCRYPT.substring(20))
                .doesNotContain(TestUsers.ARGON2.substring(40));
    }

    @Test
    void readWhenNobodyThenDecoyOfUsualCost() {
        UserTable users = read("users: []\nuser-count: 0\n");

        assertThat(users.byName()).isEmpty();
        assertThat(users.dummyHash().cost()).isEqualTo("{bcrypt}$2a$10$");
    }

    @Test
    void readWhenEmptyOrMiscountedThenRefusedUntilTheCountIsRight() {
        String ada = TestUsers.user("ada", TestUsers.BCRYPT, "");

        assertThatThrownBy(() -> read("users: []\n"))
                .hasMessage("users file users.yml:1:8: there are no users; write user-count: 0 where that is meant");
        assertThatThrownBy(() -> read("users:\n" + ada + "user-count: 2\n"))
                .hasMessageContaining("users.yml:3:13: user-count says 2, and there are 1");
        assertThat(read("users:\n" + ada).snapshot().isConfirmed()).isFalse();
        assertThat(read("users:\n" + ada + "user-count: 1\n").snapshot().isConfirmed())
                .isTrue();
    }

    @Test
    void readWhenMostHashesAreArgon2ThenSoIsTheDecoy() {
        UserTable users = read("users:\n"
                + TestUsers.user("ada", TestUsers.BCRYPT, "")
                + TestUsers.user("bob", TestUsers.ARGON2, "")
                + TestUsers.user("eve", TestUsers.ARGON2, ", disabled: true"));

        assertThat(users.dummyHash().cost()).isEqualTo("{argon2}$argon2id$v=19$m=16,t=1,p=1$");
    }

    @ParameterizedTest(name = "{index}: {0}")
    @MethodSource("refused")
    void readWhenWrongThenSentenceWithLineAndColumn(String expected, String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(StartupException.class)
                .hasNoCause()
                .hasMessageStartingWith("users file users.yml:" + expected.replaceFirst(" ", ": "))
                .message()
                .doesNotContain("secret-in-the-clear", "fTHlU5lvHLUs9Ww", "MDEyMzQ1Njc4", "5e884898");
    }

    @Test
    void readWhenNotUtf8ThenSentenceWithLineAndColumn() {
        byte[] bytes = "users:\n  - name: ä\n".getBytes(UTF_8);
        bytes[17] = (byte) 0xff;

        assertThatThrownBy(() -> read(bytes)).hasMessage("users file users.yml:2:11: the file is not UTF-8");
    }

    private static UserTable read(String text) {
        return read(text.getBytes(UTF_8));
    }

    private static UserTable read(byte[] bytes) {
        FileSnapshot content = new FileSnapshot(List.of(new SourceFile("users.yml", bytes)));
        return TestUsers.file(Path.of("users.yml"))
                .parse(content, Optional.empty())
                .value();
    }

    static Stream<Arguments> refused() throws IOException {
        try (InputStream in = UsersReaderTests.class.getResourceAsStream("refused-users.txt")) {
            String all = new String(in.readAllBytes(), UTF_8);
            return Arrays.stream(all.split("(?m)^=== ", -1))
                    .skip(1)
                    .map(one -> one.split("\n", 2))
                    .map(one -> Arguments.of(one[0], filled(one[1])));
        }
    }

    private static String filled(String text) {
        String roles = IntStream.range(0, 300).mapToObj(i -> "role-" + i).collect(Collectors.joining(", ", "[", "]"));
        return text.replace("BCRYPT", TestUsers.BCRYPT)
                .replace("ARGON2", TestUsers.ARGON2)
                .replace("NAME300", "n".repeat(300))
                .replace("MANYROLES", roles)
                .replace("TAB", "\t")
                .replace("NUL", "\0")
                .replace("BOM", "\uFEFF")
                .replace("CUT\n", "");
    }
}
