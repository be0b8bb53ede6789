package dev.latchkey.gateway.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.gateway.yaml.Fault;
import dev.latchkey.gateway.yaml.Position;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The rules that hold for every kind of file. */
@ExtendWith(OutputCaptureExtension.class)
final class ReloadableFileTests {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ReloadStatus status = new ReloadStatus("words", InstantSource.fixed(Instant.EPOCH), meters);
    private final Words words = new Words();

    @Test
    void pollWhenChangedThenAppliedAtTheSecondLookThatSeesTheSame() {
        ReloadableFile<String> file = open();
        for (String half : List.of("n", "ne", "new")) {
            words.text = half;
            file.poll();
            assertThat(file.current()).isEqualTo("old");
        }
        file.poll();
        assertThat(file.current()).isEqualTo("new");
        assertThat(words.applied).containsExactly("old", "new");
        assertThat(reloads("loaded")).isEqualTo(2);
    }

    @Test
    void pollWhenAwayForOneLookThenNothingIsReported(CapturedOutput output) {
        ReloadableFile<String> file = open();
        words.text = null;
        file.poll();
        words.text = "old";
        settle(file);

        assertThat(status.report().errors()).isEmpty();
        assertThat(reloads("refused")).isZero();
        assertThat(output).doesNotContain("cannot be used").doesNotContain("again hold");
    }

    @Test
    void pollWhenUnusableThenReportedOnceAndWithdrawnWhenTheOldContentIsBack(CapturedOutput output) {
        ReloadableFile<String> file = open();
        for (String bad : new String[] {"bad", null}) {
            words.text = bad;
            settle(file);
            settle(file);
            assertThat(file.current()).isEqualTo("old");
            assertThat(status.report().errors()).hasSize(1);
        }
        assertThat(reloads("refused")).isEqualTo(2);
        words.text = "old";
        settle(file);

        assertThat(status.report().errors()).isEmpty();
        assertThat(words.applied).containsExactly("old");
        assertThat(output)
                .containsOnlyOnce("words:1:1: it is bad")
                .containsOnlyOnce("words:1:1: it is away")
                .containsOnlyOnce("words: the files again hold what is active");
    }

    @Test
    void pollWhenParsingFailsUnexpectedlyThenReportedAndTheNextChangeIsApplied(CapturedOutput output) {
        ReloadableFile<String> file = open();
        words.text = "bug";
        settle(file);

        assertThat(file.current()).isEqualTo("old");
        assertThat(status.report().errors())
                .extracting(Fault::toString)
                .containsExactly("words:1:1: the gateway failed to apply it; see its log");
        assertThat(output).contains("words: the files could not be applied");
        words.text = "new";
        settle(file);
        assertThat(file.current()).isEqualTo("new");
    }

    @Test
    void startWhenUnusableThenTheCopyIsActiveUntilTheFilesAreGood() {
        words.copy = "copy";
        words.text = "bad";
        ReloadableFile<String> file = open();

        assertThat(file.current()).isEqualTo("copy");
        assertThat(status.report().onCopy()).isTrue();
        settle(file);
        assertThat(reloads("refused")).isEqualTo(1);

        words.text = "copy";
        settle(file);
        assertThat(status.report().onCopy()).isFalse();
        assertThat(status.report().errors()).isEmpty();
    }

    @Test
    void startWhenUnusableAndThereIsNoGoodCopyThenFails() {
        words.text = "bad";
        for (String copy : new String[] {null, "bad"}) {
            words.copy = copy;
            assertThatThrownBy(this::open).hasMessage("unusable: words:1:1: it is bad");
        }
        words.text = null;
        assertThatThrownBy(this::open).hasMessage("unusable: words:1:1: it is away");
    }

    @Test
    void checkWhenGoodOrBadThenSaysWhatAGatewayWouldMakeOfIt() {
        assertThat(words.check()).isEqualTo(new FileReport(3, List.of(), List.of(fault("it is short"))));
        words.text = "bad";
        assertThat(words.check()).isEqualTo(FileReport.refused(List.of(fault("it is bad"))));
        words.text = null;
        assertThat(words.check()).isEqualTo(FileReport.refused(List.of(fault("it is away"))));
    }

    private ReloadableFile<String> open() {
        return new ReloadableFile<>(words, status);
    }

    private static void settle(ReloadableFile<String> file) {
        file.poll();
        file.poll();
    }

    private double reloads(String outcome) {
        return meters.get("latchkey.words.reloads")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private static Fault fault(String sentence) {
        return new Fault(Position.start("words"), sentence);
    }

    private static final class Words implements ReloadSource<String> {

        private @Nullable String text = "old";
        private @Nullable String copy;
        private final List<String> applied = new ArrayList<>();

        @Override
        public String location() {
            return "words";
        }

        @Override
        public ReadResult<FileSnapshot> look() {
            return text == null
                    ? ReadResult.unreadable(location(), "it is away")
                    : ReadResult.of(location(), text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public Parsed<String> parse(FileSnapshot content, Optional<String> before) {
            String word = new String(content.files().get(0).bytes(), StandardCharsets.UTF_8);
            if (word.equals("bug")) {
                throw new IllegalStateException("a bug");
            }
            if (word.equals("bad")) {
                throw unusable(List.of(fault("it is bad")));
            }
            return new Parsed<>(word, word.length(), "a word is active", List.of(fault("it is short")));
        }

        @Override
        public UnusableFileException unusable(List<Fault> faults) {
            return new UnusableFileException("unusable: ", faults, "Write another word.");
        }

        @Override
        public Optional<FileSnapshot> copy() {
            return Optional.ofNullable(copy)
                    .map(word ->
                            new FileSnapshot(List.of(new SourceFile("copy", word.getBytes(StandardCharsets.UTF_8)))));
        }

        @Override
        public void applied(FileSnapshot content) {
            applied.add(new String(content.files().get(0).bytes(), StandardCharsets.UTF_8));
        }
    }
}
