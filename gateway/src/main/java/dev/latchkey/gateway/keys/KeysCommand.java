package dev.latchkey.gateway.keys;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** {@code java -jar gateway.jar keys DIR}: makes a key set, or adds a newer one beside the old ones. */
public final class KeysCommand {

    /** What may follow the word {@code keys}. */
    public static final String USAGE =
            "keys DIR [--algorithm RS256|ES256] [--activate-in DURATION | --activate-at INSTANT]";

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private KeysCommand() {}

    /**
     * Never throws, never prints a secret.
     *
     * @param arguments what follows the word {@code keys}
     * @return the exit code: 0 done, 1 failed, 2 called wrongly
     */
    public static int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
        return run(arguments, Clock.systemUTC(), out, err);
    }

    static int run(List<String> arguments, InstantSource clock, PrintStream out, PrintStream err) {
        KeysArguments wanted;
        try {
            wanted = KeysArguments.parse(arguments, clock.instant());
        } catch (IllegalArgumentException wrong) {
            err.println("keys: " + wrong.getMessage() + "; usage: " + USAGE);
            return MISUSED;
        }
        try {
            Path directory = wanted.directory();
            report(KeyDirectory.create(directory, wanted.algorithm(), clock, wanted.activateAt()), clock, out);
            return DONE;
        } catch (KeyFolderException wrong) {
            err.println(wrong.getMessage());
            return FAILED;
        }
    }

    private static void report(MadeKeys made, InstantSource clock, PrintStream out) {
        out.println("Made " + made.file() + " with the keys " + String.join(", ", made.ids())
                + " (access, refresh, identity).");
        Instant now = clock.instant();
        if (!made.activateAt().isAfter(now)) {
            out.println("They sign at once.");
        } else {
            out.println("They verify at once and sign from " + made.activateAt() + ".");
        }
        boolean soon = made.activateAt().isBefore(now.plus(usual()));
        if (!made.first() && soon) {
            out.println("That is soon: nodes and backends that have not read the new keys by then will refuse tokens.");
        }
    }

    /** A little less than the usual delay, which is counted from a whole second. */
    private static Duration usual() {
        return KeyDirectory.ACTIVATION_DELAY.minusSeconds(1);
    }
}
