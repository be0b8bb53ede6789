package dev.latchkey.gateway.keys.command;

import dev.latchkey.gateway.keys.IdentityAlgorithm;
import dev.latchkey.gateway.keys.KeyDirectory;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code java -jar gateway.jar keys DIR}: makes a key set, or adds a newer one beside the old ones. */
@Command(name = "keys", description = "Makes a key set, or adds a newer one beside the old ones.")
public final class KeysCommand implements Callable<Integer> {

    private static final int DONE = 0;
    private static final int MISUSED = 2;
    private static final String NO_FOLDER = "no folder is named";

    private final InstantSource clock;
    private final PrintStream out;
    private final PrintStream err;

    @Parameters(paramLabel = "DIR", description = "The folder of keys; it is made if it does not exist.")
    private @Nullable Path directory;

    @Option(
            names = "--algorithm",
            paramLabel = "ALGORITHM",
            description =
                    "ES256 or RS256: what identity tokens are signed with. Without it, as the newest set of the folder;"
                            + " ES256 in a new one.")
    private @Nullable IdentityAlgorithm algorithm;

    @Option(
            names = "--activate-in",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "When the keys begin to sign, such as 10m. The first set of a folder signs at once,"
                    + " a further one after 10m.")
    private @Nullable Duration activateIn;

    @Option(
            names = "--activate-at",
            paramLabel = "INSTANT",
            converter = At.class,
            description = "The same as an instant, such as 2026-01-31T12:00:00Z.")
    private @Nullable Instant activateAt;

    /** Never prints a secret. */
    public KeysCommand(InstantSource clock, PrintStream out, PrintStream err) {
        this.clock = clock;
        this.out = out;
        this.err = err;
    }

    /** @throws dev.latchkey.gateway.startup.StartupException if the folder cannot be read or written */
    @Override
    public Integer call() {
        Instant now = clock.instant();
        Optional<String> wrong = wrong(now);
        if (directory == null || wrong.isPresent()) {
            err.println("keys: " + wrong.orElse(NO_FOLDER));
            return MISUSED;
        }
        report(KeyDirectory.create(directory, Optional.ofNullable(algorithm), clock, from(now)));
        return DONE;
    }

    private Optional<String> wrong(Instant now) {
        if (directory == null || directory.toString().isBlank()) {
            return Optional.of(NO_FOLDER);
        }
        if (activateIn != null && activateAt != null) {
            return Optional.of("--activate-in and --activate-at exclude each other");
        }
        return from(now)
                .filter(start -> start.isBefore(now.truncatedTo(ChronoUnit.SECONDS)))
                .map(past -> "keys cannot begin to sign in the past");
    }

    private Optional<Instant> from(Instant now) {
        return Optional.ofNullable(activateIn)
                .map(now::plus)
                .or(() -> Optional.ofNullable(activateAt))
                .map(start -> start.truncatedTo(ChronoUnit.SECONDS));
    }

    private void report(KeyDirectory.GeneratedKeys made) {
        out.println("Made " + made.file() + " with the keys " + String.join(", ", made.ids())
                + " (access, refresh, identity).");
        Instant now = clock.instant();
        if (!made.activateAt().isAfter(now)) {
            out.println("They sign at once.");
        } else {
            out.println("They verify at once and sign from " + made.activateAt() + ".");
        }
        boolean soon = made.activateAt().isBefore(now.plus(usual()));
        if (!made.isFirst() && soon) {
            out.println("That is soon: nodes and backends that have not read the new keys by then will refuse tokens.");
        }
    }

    /** A little less than the usual delay, because that is counted from a whole second. */
    private static Duration usual() {
        return KeyDirectory.ACTIVATION_DELAY.minusSeconds(1);
    }

    /** Reads an instant. */
    private static final class At implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            try {
                return Instant.parse(text);
            } catch (DateTimeException wrong) {
                throw new TypeConversionException("it must be an instant like 2026-01-31T12:00:00Z");
            }
        }
    }
}
