package dev.latchkey.gateway.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.reload.ReloadStatus;
import dev.latchkey.gateway.reload.ReloadableFile;
import dev.latchkey.gateway.token.Subject;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.crypto.password.PasswordEncoder;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

final class FileUserDirectoryTests {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String LONG = "x".repeat(72);

    private final RecordingEncoder encoder = new RecordingEncoder();
    private final PasswordChecks checks = new PasswordChecks(encoder, 1, 1);

    @TempDir
    private Path folder;

    private Path file;
    private ReloadableFile<UserTable> users;
    private FileUserDirectory directory;

    @BeforeEach
    void open() {
        file = TestUsers.write(
                folder.resolve("users.yml"),
                TestUsers.user("ada", TestUsers.BCRYPT, ", roles: [customer]"),
                TestUsers.user("bob", TestUsers.bcrypt(LONG), ""),
                TestUsers.user("eve", TestUsers.BCRYPT, ", disabled: true"));
        open(file);
    }

    private void open(Path path) {
        ReloadStatus status = TestUsers.status(new SimpleMeterRegistry());
        UsersFile source = TestUsers.file(path);
        users = new ReloadableFile<>(source, status);
        directory = new FileUserDirectory(users, source, status, checks);
    }

    @AfterEach
    void close() {
        encoder.gate.countDown();
        checks.destroy();
    }

    @Test
    void findWhenThereThenUserWithStampOfTheirHash() {
        UserLookup.Found ada = (UserLookup.Found) answer(directory.find(new Subject("ada")));

        assertThat(ada.user().roles().names()).containsExactly("customer");
        assertThat(ada.user().credentialStamp()).matches("[A-Za-z0-9_-]{16}");
        assertThat(TestUsers.BCRYPT).doesNotContain(ada.user().credentialStamp());
    }

    @Test
    void findWhenHashChangesThenStampChanges() {
        UserLookup before = directory.find(new Subject("ada")).block(LIMIT);
        leave(TestUsers.user("ada", TestUsers.bcrypt("secret"), ", roles: [customer]"));

        assertThat(directory.find(new Subject("ada")).block(LIMIT)).isNotEqualTo(before);
    }

    /** Of all users only this one stays, which the file has to confirm. */
    private void leave(String user) {
        TestUsers.replace(file, "user-count: 1\nusers:\n" + user);
        users.poll();
        users.poll();
    }

    /** One character or two, a narrow space or a wide one: in the file and at the keyboard alike. */
    @ParameterizedTest
    @ValueSource(strings = {"ren\u00e9", "rene\u0301"})
    void authenticateWhenTypedInAnotherFormThenTheSame(String written) {
        leave(TestUsers.user(written, TestUsers.bcrypt("\u00e9 t\u00e9"), ""));

        for (String typed : List.of("ren\u00e9", "rene\u0301")) {
            assertThat(directory.find(new Subject(typed)).block(LIMIT)).isInstanceOf(UserLookup.Found.class);
            for (String password : List.of("\u00e9 t\u00e9", "e\u0301 te\u0301", "\u00e9\u00a0t\u00e9")) {
                UserLookup user =
                        directory.authenticate(typed, new Password(password)).block(LIMIT);
                assertThat(user)
                        .isInstanceOfSatisfying(
                                UserLookup.Found.class,
                                found -> assertThat(found.user().subject().value())
                                        .isEqualTo("ren\u00e9"));
            }
        }
        assertThat(directory
                        .authenticate("REN\u00c9", new Password("\u00e9 t\u00e9"))
                        .block(LIMIT))
                .as("case is not folded")
                .isEqualTo(new UserLookup.Absent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"eve", "nobody", "ADA"})
    void findWhenDisabledOrUnknownThenAbsent(String name) {
        assertThat(directory.find(new Subject(name)).block(LIMIT)).isEqualTo(new UserLookup.Absent());
    }

    @Test
    void authenticateWhenPasswordIsTheirsThenFound() {
        assertThat(authenticate("ada", "secret")).isInstanceOf(UserLookup.Found.class);
        assertThat(authenticate("bob", LONG)).isInstanceOf(UserLookup.Found.class);
        assertThat(encoder.threads).isNotEmpty().allMatch(name -> name.startsWith("latchkey-passwords-"));
    }

    @Test
    void authenticateWhenArgon2ThenFoundOrAbsentAlike() {
        TestUsers.write(file, TestUsers.user("ada", TestUsers.ARGON2, ""));
        open(file);

        assertThat(authenticate("ada", "secret")).isInstanceOf(UserLookup.Found.class);
        assertThat(authenticate("ada", "Secret")).isEqualTo(new UserLookup.Absent());
        assertThat(authenticate("nobody", "secret")).isEqualTo(new UserLookup.Absent());
        assertThat(encoder.hashes).hasSize(3).allMatch(hash -> hash.startsWith("{argon2}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ada", "eve", "nobody", "", "a\nb", "a\0"})
    void authenticateWhenRefusedThenEncoderHadTheSameWork(String name) {
        String password = name.equals("ada") ? "wrong" : "secret";

        assertThat(authenticate(name, password)).isEqualTo(new UserLookup.Absent());

        assertThat(encoder.hashes).singleElement().asString().startsWith("{bcrypt}$2a$04$");
        assertThat(encoder.passwords).containsExactly(password);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret\0", "secret\0secret"})
    void authenticateWhenPasswordIsImpossibleThenAbsentAtTheSameCost(String password) {
        assertThat(authenticate("ada", password)).isEqualTo(new UserLookup.Absent());
        assertThat(encoder.passwords).hasSize(1).doesNotContain("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "ä", "xyz"})
    void authenticateWhenPasswordGoesOnAfterBcryptsEndThenAbsentAtTheSameCost(String more) {
        assertThat(authenticate("bob", LONG + more)).isEqualTo(new UserLookup.Absent());
        assertThat(encoder.passwords).hasSize(1);
    }

    @Test
    void authenticateWhenPasswordIsOverOneKilobyteThenAbsentWithoutWork() {
        assertThat(authenticate("ada", "x".repeat(1025))).isEqualTo(new UserLookup.Absent());
        assertThat(authenticate("nobody", "ä".repeat(513))).isEqualTo(new UserLookup.Absent());
        assertThat(encoder.passwords).isEmpty();
    }

    @Test
    void authenticateWhenQueueIsFullThenUnavailable() {
        encoder.closed = true;
        Mono<UserLookup> running =
                directory.authenticate("ada", new Password("secret")).cache();
        Mono<UserLookup> queued =
                directory.authenticate("ada", new Password("secret")).cache();
        running.subscribe();
        Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> !encoder.hashes.isEmpty());
        queued.subscribe();

        assertThat(authenticate("ada", "secret")).isEqualTo(new UserLookup.Unavailable());

        encoder.gate.countDown();
        StepVerifier.create(Mono.zip(running, queued))
                .assertNext(both -> assertThat(both).allMatch(UserLookup.Found.class::isInstance))
                .expectComplete()
                .verify(LIMIT);
    }

    private UserLookup authenticate(String name, String password) {
        return answer(directory.authenticate(name, new Password(password)));
    }

    private static UserLookup answer(Mono<UserLookup> lookup) {
        return Objects.requireNonNull(lookup.block(LIMIT));
    }

    /** The real encoder, which also records what it was asked. */
    private static final class RecordingEncoder implements PasswordEncoder {

        private final PasswordEncoder real = PasswordHash.encoder("bcrypt");
        private final List<String> passwords = new CopyOnWriteArrayList<>();
        private final List<String> hashes = new CopyOnWriteArrayList<>();
        private final List<String> threads = new CopyOnWriteArrayList<>();
        private final CountDownLatch gate = new CountDownLatch(1);
        private volatile boolean closed;

        @Override
        public @Nullable String encode(@Nullable CharSequence password) {
            return real.encode(password);
        }

        @Override
        public boolean matches(@Nullable CharSequence password, @Nullable String hash) {
            passwords.add(String.valueOf(password));
            hashes.add(String.valueOf(hash));
            threads.add(Thread.currentThread().getName());
            try {
                assertThat(!closed || gate.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return real.matches(password, hash);
        }
    }
}
