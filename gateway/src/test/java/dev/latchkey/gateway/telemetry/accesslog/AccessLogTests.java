package dev.latchkey.gateway.telemetry.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.telemetry.RequestRecord;
import dev.latchkey.gateway.telemetry.accesslog.AccessLogProperties.Mode;
import dev.latchkey.gateway.token.Subject;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which requests get a line, what is in it, and what happens where it cannot be written. */
final class AccessLogTests {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    private final MeterRegistry registry = new SimpleMeterRegistry();

    private static RequestRecord record(String target, int status) {
        RequestRecord record = new RequestRecord(
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, target), System.nanoTime());
        record.begun(status, System.nanoTime());
        record.ended(System.nanoTime(), true);
        return record;
    }

    private AccessLog log(Mode mode, @Nullable Path file) {
        return new AccessLog(new AccessLogProperties(mode, 0, file, true, false, null), registry);
    }

    private double dropped() {
        return registry.get("latchkey.access.log.dropped").counter().count();
    }

    @Test
    void logWhenOffThenDoesNothing() {
        assertThat(log(Mode.OFF, null).isActive()).isFalse();
    }

    @Test
    void requestsWhenSampledThenThoseThatFailedAreThereAnyway() throws IOException {
        Path file = folder.resolve("access.log");
        AccessLog log = log(Mode.SAMPLED, file);
        log.ended(record("/well", 200));
        log.ended(record("/refused", 403));
        log.ended(record("/failed", 500));
        RequestRecord broken = record("/broken", 200);
        broken.broken();
        log.ended(broken);
        log.destroy();

        assertThat(Files.readString(file)).contains("/failed", "/broken").doesNotContain("/well", "/refused");
    }

    @Test
    void fileWhenMovedAwayThenTheNextLineMakesANewOne() throws IOException {
        Path file = folder.resolve("access.log");
        AccessLog log = log(Mode.ON, file);
        log.ended(record("/one", 200));
        await().atMost(LIMIT).until(() -> Files.exists(file) && Files.size(file) > 0);
        Files.move(file, folder.resolve("access.log.1"));
        await().atMost(LIMIT).until(() -> {
            log.ended(record("/two", 200));
            return Files.exists(file) && Files.readString(file).contains("/two");
        });
        log.destroy();

        assertThat(Files.readString(folder.resolve("access.log.1"))).contains("/one");
    }

    /**
     * A line that is too long is dropped, whereupon another one waits: as where the disk is slower than the requests.
     */
    @Test
    void fileWhenMovedAwayWhileLinesAlwaysWaitThenANewOneIsMade() throws IOException {
        Path file = folder.resolve("access.log");
        RequestRecord endless = record("/", 200);
        endless.identify("x".repeat(70_000), null, null);
        AtomicReference<AccessLogWriter> itself = new AtomicReference<>();
        AtomicBoolean isOver = new AtomicBoolean();
        AccessLogProperties properties = new AccessLogProperties(Mode.ON, 0, null, true, false, null);
        AccessLogWriter writer = new AccessLogWriter(
                new AccessLogLine(properties, new SubjectHash(null)), new AppendedFile(file), () -> {
                    if (!isOver.get()) {
                        Objects.requireNonNull(itself.get()).offer(endless);
                    }
                });
        itself.set(writer);
        writer.start();
        writer.offer(record("/one", 200));
        await().atMost(LIMIT).until(() -> Files.exists(file) && Files.size(file) > 0);
        writer.offer(endless);
        Files.move(file, folder.resolve("access.log.1"));
        try {
            await().atMost(LIMIT).until(() -> {
                writer.offer(record("/two", 200));
                return Files.exists(file);
            });
        } finally {
            isOver.set(true);
            writer.stop();
        }
    }

    @Test
    void linesWhenTheFileCannotBeWrittenThenCountedAndLaterOnesAreThere() throws IOException {
        Path file = folder.resolve("later").resolve("access.log");
        AccessLog log = log(Mode.ON, file);
        log.ended(record("/lost", 200));
        await().atMost(LIMIT).until(() -> dropped() == 1);
        Files.createDirectory(file.getParent());
        log.ended(record("/found", 200));
        log.destroy();

        assertThat(Files.readAllLines(file)).hasSize(1).first().asString().contains("/found");
    }

    /** A disk without room takes each open, and refuses what is written. */
    @Test
    void linesWhenTheDiskIsFullThenEachIsCounted() {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "this system has no /dev/full");
        AccessLog log = log(Mode.ON, full);
        for (int each = 0; each < 2_000; each++) {
            log.ended(record("/lost", 200));
        }
        log.destroy();

        assertThat(dropped()).isEqualTo(2_000);
    }

    @Test
    void linesWhenNobodyWritesThemThenDroppedAboveTheBound() {
        AtomicInteger lost = new AtomicInteger();
        AccessLogProperties properties = new AccessLogProperties(Mode.ON, 0, null, true, false, null);
        AccessLogWriter idle =
                new AccessLogWriter(new AccessLogLine(properties, new SubjectHash(null)), null, lost::incrementAndGet);
        for (int each = 0; each < AccessLogWriter.MOST + 3; each++) {
            idle.offer(record("/", 200));
        }
        assertThat(lost).hasValue(3);
    }

    @Test
    void lineWhenThePathIsHostileThenOneObjectOnOneLine() throws ParseException {
        AccessLogProperties properties = new AccessLogProperties(Mode.ON, 0, null, true, false, null);
        String path = "/a\"},{\"b\\\u007f\u00e9\u2028" + "x".repeat(4_000);
        AccessLogLine lines = new AccessLogLine(properties, new SubjectHash(null));
        String line = lines.of(record(path + "?q=secret", 200), 0).toString();

        assertThat(line).matches("[ -~]+").doesNotContain("secret");
        assertThat(JSONObjectUtils.parse(line)).containsEntry("url.path", path.substring(0, 2_048));
        assertThat(JSONObjectUtils.parse(line).get("@timestamp"))
                .asString()
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    }

    @Test
    void textWhenItHasControlsThenEscaped() throws ParseException {
        String text = "\r\n\u0000\t\"\\\u2028\ud83d\ude00";
        JsonLine line = new JsonLine();
        line.begin();
        line.add(new JsonLine.Name("a"), text);
        line.end();

        assertThat(line.toString()).matches("[ -~]+");
        assertThat(JSONObjectUtils.parse(line.toString())).containsEntry("a", text);
    }

    @Test
    void lineWhenPathsAreSecretThenWithoutIt() {
        AccessLogProperties properties = new AccessLogProperties(Mode.ON, 0, null, false, false, null);
        AccessLogLine lines = new AccessLogLine(properties, new SubjectHash(null));
        assertThat(lines.of(record("/reset/secret", 200), 0).toString()).doesNotContain("secret");
    }

    @Test
    void subjectsWhenHashedThenAlikeByTheSameKeyAndByNoOther() throws IOException {
        Path key = Files.writeString(folder.resolve("key"), "0123456789abcdef0123456789abcdef");
        Subject ada = new Subject("ada");

        assertThat(new SubjectHash(key).of(ada))
                .isEqualTo(new SubjectHash(key).of(ada))
                .matches("[0-9a-f]{16}");
        assertThat(new SubjectHash(null).of(ada)).isNotEqualTo(new SubjectHash(null).of(ada));
        assertThat(new SubjectHash(key).of(ada)).isNotEqualTo(new SubjectHash(key).of(new Subject("bob")));
    }

    @Test
    void keyWhenShortOrAbsentThenTheStartFailsAndSaysWhy() throws IOException {
        Path key = Files.write(folder.resolve("short"), List.of("secret"), StandardCharsets.UTF_8);
        assertThatThrownBy(() -> new SubjectHash(key))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("latchkey.access-log.subject-key-file")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> new SubjectHash(folder.resolve("none"))).isInstanceOf(StartupException.class);
    }
}
