package dev.latchkey.gateway.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
final class UsersFileWatchTests {

    private static final String ADA = TestUsers.user("ada", TestUsers.BCRYPT, "");
    private static final String BOB = TestUsers.user("bob", TestUsers.BCRYPT, "");

    @TempDir
    private Path folder;

    private Path file;
    private UsersFileWatch watch;

    @BeforeEach
    void open() {
        file = TestUsers.write(folder.resolve("users.yml"), ADA);
        watch = TestUsers.watch(file);
    }

    @Test
    void pollWhenChangedThenTakenAtTheSecondLook(CapturedOutput output) {
        TestUsers.write(file, ADA, BOB);

        watch.poll();
        assertNames("ada");
        watch.poll();
        assertNames("ada", "bob");

        assertThat(output).contains("took up a change, 2 users");
    }

    @Test
    void pollWhenHalfWrittenThenNotTaken() {
        TestUsers.write(file, ADA, BOB);
        lookTwice();
        TestUsers.write(file, BOB);
        watch.poll();
        assertNames("ada", "bob");
        TestUsers.write(file, BOB, ADA);
        watch.poll();
        assertNames("ada", "bob");
    }

    @Test
    void pollWhenBadThenLastGoodStaysAndIsSaidOnce(CapturedOutput output) {
        TestUsers.write(file, ADA, BOB, TestUsers.user("eve", "{noop}in-the-clear", ""));
        lookTwice();
        lookTwice();

        assertNames("ada");
        assertThat(output.toString().split("must begin with", -1)).hasSize(2);
        assertThat(output)
                .contains(file + ":4:28: password must begin with {bcrypt} or {argon2}")
                .contains("the users read before stay")
                .doesNotContain("in-the-clear");
    }

    @Test
    void pollWhenMendedThenTaken() {
        TestUsers.replace(file, "users: [");
        lookTwice();
        TestUsers.write(file, BOB);
        lookTwice();

        assertNames("bob");
    }

    @Test
    void pollWhenAwayThenLastGoodStaysAndEachAbsenceIsSaid(CapturedOutput output) throws Exception {
        for (int time = 0; time < 2; time++) {
            Files.delete(file);
            lookTwice();
            assertNames("ada");
            TestUsers.write(file, ADA);
            lookTwice();
        }

        assertThat(output.toString().split("does not exist", -1)).hasSize(3);
    }

    @Test
    void openWhenFolderThenRefused() {
        assertThatThrownBy(() -> TestUsers.watch(folder)).hasMessageContaining("(latchkey.users.file) cannot be read");
    }

    @Test
    void openWhenTooLargeThenRefused() {
        TestUsers.replace(file, "#".repeat(UsersFile.LARGEST + 1));

        assertThatThrownBy(() -> TestUsers.watch(file)).hasMessageContaining("is larger than 4 MB");
    }

    @Test
    void openWhenCostsDifferThenWarns(CapturedOutput output) {
        TestUsers.watch(TestUsers.write(file, ADA, TestUsers.user("bob", TestUsers.ARGON2, "")));

        assertThat(output).contains("2 different costs");
    }

    private void lookTwice() {
        watch.poll();
        watch.poll();
    }

    private void assertNames(String... names) {
        assertThat(watch.current().byName().keySet()).containsExactlyInAnyOrder(names);
    }
}
