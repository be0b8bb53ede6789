package dev.latchkey.gateway.reload;

import dev.latchkey.gateway.reload.ReloadSource.Parsed;
import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.yaml.Fault;
import dev.latchkey.gateway.yaml.Position;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows files that may change while the gateway runs: read, wait until they are at rest, parse, swap, report. The
 * rules are the same for every kind of file:
 *
 * <ul>
 *   <li>A change counts once two looks in a row have seen the same bytes: half of a file that is still being written
 *       may be a good file too. So a file that is away for a moment while it is replaced is not an event.
 *   <li>One state of the files is evaluated once, also the state in which they cannot be read.
 *   <li>A change is applied as a whole. If anything is wrong with it, what was active before stays, and everything that
 *       is wrong is reported with its place.
 *   <li>When the files again hold what is active, the earlier faults are withdrawn.
 * </ul>
 *
 * {@link #poll()} is for one thread and blocks.
 *
 * @param <T> what the files are parsed to
 */
public final class ReloadableFile<T> {

    private static final Logger LOGGER = LoggerFactory.getLogger(ReloadableFile.class);

    private final ReloadSource<T> source;
    private final ReloadStatus status;
    private volatile T current;
    private String active;
    private String evaluated;
    private String noticed;

    /**
     * Reads the files for the first time.
     *
     * @throws UnusableFileException if there is nothing to start with
     */
    public ReloadableFile(ReloadSource<T> source, ReloadStatus status) {
        this.source = source;
        this.status = status;
        ReadResult<FileSnapshot> read = source.look();
        this.evaluated = fingerprint(read);
        this.noticed = evaluated;
        this.active = evaluated;
        this.current = start(read);
    }

    /** What is active. */
    public T current() {
        return current;
    }

    /** Looks at the files. */
    public void poll() {
        ReadResult<FileSnapshot> read = source.look();
        String state = fingerprint(read);
        boolean isAtRest = state.equals(noticed);
        noticed = state;
        if (isAtRest && !state.equals(evaluated)) {
            evaluated = state;
            evaluate(read);
        }
    }

    /** The same for the same content, or for the same reason why there is none. */
    private static String fingerprint(ReadResult<FileSnapshot> read) {
        return read.fold(FileSnapshot::version, List::toString);
    }

    private T start(ReadResult<FileSnapshot> read) {
        try {
            return read.fold(this::first, faults -> {
                throw source.unusable(faults);
            });
        } catch (UnusableFileException wrong) {
            return source.copy().flatMap(copy -> startFrom(copy, wrong)).orElseThrow(() -> wrong);
        }
    }

    private T first(FileSnapshot content) {
        Parsed<T> parsed = source.parse(content, Optional.empty());
        loaded(parsed);
        source.applied(content);
        return parsed.value();
    }

    private Optional<T> startFrom(FileSnapshot copy, UnusableFileException wrong) {
        try {
            Parsed<T> kept = source.parse(copy, Optional.empty());
            active = copy.version();
            warn(kept);
            status.startedFromCopy(kept.count(), wrong.faults());
            LOGGER.error(
                    "{}: the files cannot be used, so the copy of the last good ones is active, version {}\n{}",
                    status.subject(),
                    active,
                    UnusableFileException.lines(wrong.faults()));
            return Optional.of(kept.value());
        } catch (UnusableFileException stricterRulesThanThen) {
            return Optional.empty();
        }
    }

    /** An error of the gateway's own must not leave the files unevaluated and unreported. */
    private void evaluate(ReadResult<FileSnapshot> read) {
        try {
            read.<Runnable>fold(content -> () -> apply(content), faults -> () -> refused(faults))
                    .run();
        } catch (UnusableFileException wrong) {
            refused(wrong.faults());
        } catch (StartupException known) {
            refused(List.of(new Fault(Position.start(source.location()), known.sentence())));
        } catch (RuntimeException | Error unexpected) {
            LOGGER.error("{}: the files could not be applied", status.subject(), unexpected);
            Position place = Position.start(source.location());
            refused(List.of(new Fault(place, "the gateway failed to apply it; see its log")));
        }
    }

    private void apply(FileSnapshot content) {
        Parsed<T> next = source.parse(content, Optional.of(current));
        if (content.version().equals(active)) {
            status.corrected();
            LOGGER.info("{}: the files again hold what is active", status.subject());
            return;
        }
        current = next.value();
        active = content.version();
        loaded(next);
        source.applied(content);
    }

    private void loaded(Parsed<T> parsed) {
        warn(parsed);
        status.loaded(parsed.count());
        LOGGER.info("{}: {}", status.subject(), parsed.summary());
    }

    private void warn(Parsed<T> parsed) {
        if (!parsed.warnings().isEmpty()) {
            LOGGER.warn("{}: warnings\n{}", status.subject(), UnusableFileException.lines(parsed.warnings()));
        }
    }

    private void refused(List<Fault> faults) {
        status.refused(faults);
        LOGGER.error(
                "{}: the files cannot be used; what was active before stays active\n{}",
                status.subject(),
                UnusableFileException.lines(faults));
    }
}
