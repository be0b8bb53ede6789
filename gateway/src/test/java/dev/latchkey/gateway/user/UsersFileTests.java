package dev.latchkey.gateway.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.gateway.reload.ReloadStatus;
import dev.latchkey.gateway.reload.ReloadableFile;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.yaml.Fault;
import dev.latchkey.gateway.yaml.Position;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
final class UsersFileTests {

    private static final String ADA = TestUsers.user("ada", TestUsers.BCRYPT, "");
    private static final String BOB = TestUsers.user("bob", TestUsers.BCRYPT, "");
    private static final String EVE = TestUsers.user("eve", TestUsers.BCRYPT, "");

    @TempDir
    private Path folder;

    private final PasswordChecks checks = new PasswordChecks(PasswordHash.encoder("bcrypt"), 1, 1);
    private Path file;
    private UsersFile source;
    private ReloadStatus status;
    private ReloadableFile<UserTable> users;
    private FileUserDirectory directory;

    @BeforeEach
    void open() {
        file = TestUsers.write(folder.resolve("users.yml"), ADA);
        open(new SimpleMeterRegistry());
    }

    private void open(MeterRegistry meters) {
        status = TestUsers.status(meters);
        source = TestUsers.file(file);
        users = new ReloadableFile<>(source, status);
        directory = new FileUserDirectory(users, source, status, checks);
    }

    @AfterEach
    void close() {
        checks.destroy();
    }

    @Test
    void pollWhenChangedThenTakenAtTheSecondLook(CapturedOutput output) {
        TestUsers.write(file, ADA, BOB);

        users.poll();
        assertNames("ada");
        users.poll();
        assertNames("ada", "bob");

        assertThat(output).contains("users: 2 users may sign in");
    }

    @Test
    void pollWhenHalfWrittenThenNotTaken() {
        TestUsers.write(file, ADA, BOB);
        lookTwice();
        TestUsers.write(file, BOB);
        users.poll();
        assertNames("ada", "bob");
        TestUsers.write(file, BOB, ADA);
        users.poll();
        assertNames("ada", "bob");
    }

    @Test
    void pollWhenOverHalfAreGoneThenRefusedUntilTheFileConfirmsIt(CapturedOutput output) {
        TestUsers.write(file, ADA, BOB, EVE);
        lookTwice();
        TestUsers.write(file, BOB);
        lookTwice();

        assertNames("ada", "bob", "eve");
        assertThat(output).contains("2 of 3 users are gone; write user-count: 1 where that is meant");

        TestUsers.replace(file, "users:\n" + BOB + "user-count: 1\n");
        lookTwice();
        assertNames("bob");
    }

    @Test
    void pollWhenHalfAreGoneThenTaken() {
        TestUsers.write(file, ADA, BOB);
        lookTwice();
        TestUsers.write(file, BOB);
        lookTwice();

        assertNames("bob");
    }

    @Test
    void pollWhenChangedThenItsListenerHearsBeforeItCounts() {
        List<Boolean> heard = new ArrayList<>();
        directory.whenChanged(next -> {
            heard.add(next.active().containsKey(new Subject("bob"))
                    && users.current().find("bob").isEmpty());
            return Optional.empty();
        });
        TestUsers.write(file, ADA, BOB);
        lookTwice();

        assertThat(heard).containsExactly(true);
    }

    @Test
    void pollWhenItsListenerRefusesThenLastGoodStaysAndTheStatusSaysWhy(CapturedOutput output) {
        directory.whenChanged(next -> Optional.of("nobody is left"));
        TestUsers.write(file, ADA, BOB);
        lookTwice();
        lookTwice();

        assertNames("ada");
        assertThat(directory.snapshot().active()).containsOnlyKeys(new Subject("ada"));
        assertThat(status.report().errors()).extracting(Fault::message).containsExactly("nobody is left");
        assertThat(output.toString().split("nobody is left", -1)).hasSize(2);
    }

    @Test
    void reportWhenWhatWasReadAtTheStartIsNotAppliedThenTheStatusSaysSoUntilItIs() {
        directory.report(Optional.of("most are gone"));
        assertThat(status.report().errors())
                .containsExactly(new Fault(Position.start(file.toString()), "most are gone"));
        directory.report(Optional.empty());
        assertThat(status.report().errors()).isEmpty();
    }

    @Test
    void pollWhenBadThenLastGoodStaysAndIsSaidOnce(CapturedOutput output) {
        TestUsers.write(file, ADA, BOB, TestUsers.user("eve", "{noop}in-the-clear", ""));
        lookTwice();
        lookTwice();

        assertNames("ada");
        assertThat(output.toString().split("must begin with", -1)).hasSize(2);
        assertThat(output)
                .contains(file + ":4:28: password must begin with {bcrypt}, {argon2}")
                .contains("what was active before stays active")
                .doesNotContain("in-the-clear");
    }

    @Test
    void pollWhenFixedThenTaken() {
        TestUsers.replace(file, "users: [");
        lookTwice();
        TestUsers.write(file, ADA, BOB);
        lookTwice();

        assertNames("ada", "bob");
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
    void pollWhenBadThenStatusAndMetersTellThePlaceUntilItIsGoodAgain() {
        MeterRegistry meters = new SimpleMeterRegistry();
        open(meters);
        TestUsers.write(file, ADA, TestUsers.user("eve", "x", ""), TestUsers.user("eve", "y", ""));
        lookTwice();
        lookTwice();

        assertThat(status.report().errors())
                .extracting(error -> error.position().line())
                .containsExactly(3, 4);
        assertThat(status.report().count()).isEqualTo(1);
        assertThat(meters.get("latchkey.users.fault")
                        .tags("file", file.toString(), "line", "3", "column", "28")
                        .gauge()
                        .value())
                .isEqualTo(1);
        assertThat(meters.get("latchkey.users.last.reload.successful").gauge().value())
                .isZero();
        assertThat(meters.get("latchkey.users.reloads")
                        .tag("outcome", "refused")
                        .counter()
                        .count())
                .isEqualTo(1);

        TestUsers.write(file, ADA, BOB);
        lookTwice();

        assertThat(status.report().errors()).isEmpty();
        assertThat(status.report().count()).isEqualTo(2);
        assertThat(meters.find("latchkey.users.fault").gauge()).isNull();
        assertThat(meters.get("latchkey.users.last.reload.successful").gauge().value())
                .isEqualTo(1);
    }

    @Test
    void openWhenFolderThenRefused() {
        assertThatThrownBy(() -> TestUsers.follow(folder))
                .hasMessageContaining("the file cannot be read (latchkey.users.file)");
    }

    @Test
    void openWhenTooLargeThenRefused() {
        TestUsers.replace(file, "#".repeat(UsersFile.MOST_BYTES + 1));

        assertThatThrownBy(() -> TestUsers.follow(file)).hasMessageContaining("is larger than 4 MB");
    }

    @Test
    void openWhenCostsDifferThenWarns(CapturedOutput output) {
        TestUsers.follow(TestUsers.write(file, ADA, TestUsers.user("bob", TestUsers.ARGON2, "")));

        assertThat(output).contains("2 different costs");
    }

    private void lookTwice() {
        users.poll();
        users.poll();
    }

    private void assertNames(String... names) {
        assertThat(users.current().byName().keySet()).containsExactlyInAnyOrder(names);
    }
}
