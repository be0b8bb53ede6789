package dev.latchkey.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.audit.AuditQueue.Stamped;
import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.token.Subject;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Import;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.util.unit.DataSize;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Events in places of their own: lines of JSON, and what happens where these cannot be written. */
@ExtendWith(OutputCaptureExtension.class)
final class AuditSinksTests {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final AuditEvent EVENT = AuditEvent.userRevoked(new Subject("ada"), "user-gone");
    private static final Duration SOON = Duration.ofMillis(20);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withBean(SimpleMeterRegistry.class, () -> meters)
            .withBean(InstantSource.class, () -> Clock.fixed(NOON, ZoneOffset.UTC))
            .withUserConfiguration(Places.class);

    @TempDir
    private Path folder;

    @EnableConfigurationProperties(AuditProperties.class)
    @Import({AuditConfiguration.class, AuditSinks.class})
    static final class Places {}

    private double dropped() {
        return meters.get("latchkey.audit.dropped").counter().count();
    }

    @Test
    void recordWhenNothingIsConfiguredThenTheLogHasIt(CapturedOutput output) {
        runner.run(context -> {
            context.getBean(AuditLog.class).record(EVENT);
            assertThat(context).doesNotHaveBean(AuditSink.class);
        });
        assertThat(output.getOut()).contains("user-revoked subject=ada reason=user-gone");
    }

    @Test
    void recordWhenThereAreAFileAndTheOutputThenEachHasALineOfJson(CapturedOutput output) throws IOException {
        Path file = folder.resolve("audit.json");
        runner.withPropertyValues(
                        "latchkey.audit.log=false",
                        "latchkey.audit.stdout=true",
                        "latchkey.audit.file.path=" + file,
                        "logging.structured.ecs.service.name=edge")
                .run(context -> {
                    context.getBean(AuditLog.class).record(EVENT);
                    context.getBean(AuditLog.class).record(EVENT);
                });
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(2);
        JsonNode json = JsonMapper.shared().readTree(lines.get(0));
        assertThat(json.path("@timestamp").asString()).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(json.path("event").path("action").asString()).isEqualTo("user-revoked");
        assertThat(json.path("event").path("reason").asString()).isEqualTo("user-gone");
        assertThat(json.path("user").path("name").asString()).isEqualTo("ada");
        assertThat(json.path("service").path("name").asString()).isEqualTo("edge");
        assertThat(json.path("log").path("logger").asString()).isEqualTo("latchkey.audit");
        assertThat(output.getOut().lines().filter(line -> line.startsWith("{"))).hasSize(2);
        assertThat(output.getOut().lines().filter(line -> line.contains("user-revoked subject=ada")))
                .allMatch(line -> line.startsWith("{"));
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
    }

    /** As an environment variable without a value writes it. */
    @Test
    void startWhenThePathOfTheFileIsEmptyThenThereIsNone() {
        runner.withPropertyValues("latchkey.audit.file.path=")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(AuditSink.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "latchkey.audit.log=false",
                "latchkey.audit.file.path=/no/such/folder/audit.json",
                "latchkey.audit.file.max-size=1KB",
                "latchkey.audit.file.max-files=1"
            })
    void startWhenThePlaceCannotBeThenItFails(String property) {
        runner.withPropertyValues(property)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOfAny(StartupException.class, IllegalArgumentException.class)
                        .hasMessageContaining("latchkey.audit."));
    }

    @Test
    void fileWhenItIsFullThenTheOldestIsRemoved() throws IOException {
        Path file = folder.resolve("audit.json");
        RolledFile rolled = new RolledFile(file, new AuditProperties.AuditFile(file, DataSize.ofMegabytes(1), 3));
        for (int i = 0; i < 6; i++) {
            rolled.write((i + "x".repeat(700_000) + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(content(file)).startsWith("5x");
        assertThat(content(folder.resolve("audit.json.1"))).startsWith("4x");
        assertThat(content(folder.resolve("audit.json.2"))).startsWith("3x");
        try (Stream<Path> all = Files.list(folder)) {
            assertThat(all).hasSize(3);
        }
    }

    /** The shell's limit on the size of a file stands for a full disk: the last write takes a part of its lines. */
    @Test
    void fileWhenTheDiskIsFullThenItEndsWithAWholeLine() throws IOException, InterruptedException {
        Path file = folder.resolve("audit.json");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = List.of(
                "sh",
                "-c",
                "ulimit -f 8 && exec \"$@\"",
                "sh",
                java,
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                Filling.class.getName(),
                file.toString());
        Process filling = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
        assertThat(filling.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(content(folder.resolve("output"))).contains("full: ");
        assertThat(content(file)).isNotEmpty().matches("(?:x{99}\n)+");
    }

    /** Writes lines until there is no more room. */
    static final class Filling {

        private Filling() {}

        public static void main(String[] arguments) {
            Path file = Path.of(arguments[0]);
            RolledFile rolled = new RolledFile(file, new AuditProperties.AuditFile(file, DataSize.ofMegabytes(1), 3));
            byte[] lines = ("x".repeat(99) + "\n").repeat(7).getBytes(StandardCharsets.US_ASCII);
            try {
                while (file.toFile().length() < 100_000) {
                    rolled.write(lines);
                }
            } catch (IOException full) {
                System.out.println("full: " + full.getMessage());
            }
        }
    }

    /** A stream that prints says ever after that it has failed once; each event would be written again and again. */
    @Test
    void outputWhenItsDiskWasFullThenWhatComesLaterIsWrittenOnce() throws IOException {
        AtomicBoolean isFull = new AtomicBoolean(true);
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        OutputStream disk = new OutputStream() {
            @Override
            public void write(int next) throws IOException {
                if (isFull.get()) {
                    throw new IOException("No space left on device");
                }
                written.write(next);
            }
        };
        PrintStream printed = new PrintStream(disk, true, StandardCharsets.UTF_8);
        StandardOutput output = new StandardOutput(() -> printed, disk);
        byte[] line = "line\n".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> output.write(line)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> output.write(line)).isInstanceOf(IOException.class);
        isFull.set(false);
        output.write(line);
        output.write(line);
        assertThat(written.toString(StandardCharsets.UTF_8)).isEqualTo("line\nline\n");
    }

    private static String content(Path file) throws IOException {
        return Files.readString(file);
    }

    @Test
    void lineWhenASecondIsWrittenThenNoneStandsInTheOther() {
        EcsLines lines = new EcsLines(new MockEnvironment());
        String line = new String(
                lines.of(new Stamped(AuditEvent.userRevoked(new Subject("a\"b\u2028"), "user\n{\"b\":1}"), NOON)),
                StandardCharsets.UTF_8);
        assertThat(line).endsWith("\n");
        assertThat(line.strip().lines()).hasSize(1);
    }

    @Test
    void queueWhenWritingFailsThenWaitsAndIsTriedAgainInOrder() throws InterruptedException {
        List<String> written = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch tried = new CountDownLatch(3);
        AuditQueue queue = new AuditQueue(
                "test",
                events -> {
                    tried.countDown();
                    if (tried.getCount() > 0) {
                        throw new IOException("away");
                    }
                    events.forEach(event -> written.add(event.event().name()));
                },
                SOON,
                meters);
        queue.offer(EVENT, NOON);
        queue.offer(AuditEvent.routesChanged("a", "b"), NOON);
        assertThat(tried.await(20, TimeUnit.SECONDS)).isTrue();
        StepVerifier.create(queue.written(Duration.ofSeconds(20))).verifyComplete();
        assertThat(written).containsExactly("user-revoked", "routes-changed");
        assertThat(dropped()).isZero();
        queue.stop();
    }

    /** Such as one that an encoder fails at: the place is well, and takes the others. */
    @Test
    void queueWhenOneEventIsNeverTakenThenItAloneIsDropped() {
        List<String> written = Collections.synchronizedList(new ArrayList<>());
        AuditQueue queue = new AuditQueue(
                "test",
                events -> {
                    if (events.stream().anyMatch(event -> event.event().equals(EVENT))) {
                        throw new IllegalStateException("never");
                    }
                    events.forEach(event -> written.add(event.event().name()));
                },
                SOON,
                meters);
        queue.offer(EVENT, NOON);
        queue.offer(AuditEvent.routesChanged("a", "b"), NOON);
        queue.offer(AuditEvent.routesChanged("b", "c"), NOON);
        StepVerifier.create(queue.written(Duration.ofSeconds(20))).verifyComplete();
        await().until(() -> written.size() == 2);
        assertThat(dropped()).isEqualTo(1);
        queue.stop();
    }

    @Test
    void queueWhenItIsFullThenDropsCountsAndSaysItOnce(CapturedOutput output) throws InterruptedException {
        AtomicInteger written = new AtomicInteger();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        AuditQueue queue = new AuditQueue(
                "test",
                events -> {
                    entered.countDown();
                    released.await();
                    written.addAndGet(events.size());
                },
                SOON,
                meters);
        queue.offer(EVENT, NOON);
        assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < AuditQueue.MOST + 6; i++) {
            queue.offer(EVENT, NOON);
        }
        assertThat(dropped()).isEqualTo(7);
        StepVerifier.create(queue.written(Duration.ofSeconds(20))).verifyComplete();
        released.countDown();
        await().until(() -> written.get() == AuditQueue.MOST);
        queue.offer(EVENT, NOON);
        StepVerifier.create(queue.written(Duration.ofSeconds(20))).verifyComplete();
        assertThat(written).hasValue(AuditQueue.MOST + 1);
        assertThat(dropped()).isEqualTo(7);
        assertThat(output.getOut().lines().filter(line -> line.contains("Audit events were dropped (test)")))
                .hasSize(1);
        queue.stop();
    }
}
