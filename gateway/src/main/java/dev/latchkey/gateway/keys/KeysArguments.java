package dev.latchkey.gateway.keys;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/**
 * What the operator asked of the {@code keys} command.
 *
 * @param activateAt empty for the usual time
 */
record KeysArguments(Path directory, IdentityAlgorithm algorithm, Optional<Instant> activateAt) {

    /** @throws IllegalArgumentException with a clause that says what is wrong with the arguments */
    static KeysArguments parse(List<String> arguments, Instant now) {
        Reading reading = new Reading();
        Iterator<String> words = arguments.iterator();
        while (words.hasNext()) {
            reading.take(words.next(), words, now);
        }
        return reading.done(now);
    }

    private static final class Reading {

        private @Nullable Path directory;
        private @Nullable IdentityAlgorithm algorithm;
        private @Nullable Instant activateAt;

        void take(String word, Iterator<String> rest, Instant now) {
            switch (word) {
                case "--algorithm" -> algorithm = once(word, algorithm, algorithm(value(word, rest)));
                case "--activate-in" -> activateAt = once(word, activateAt, after(value(word, rest), now));
                case "--activate-at" -> activateAt = once(word, activateAt, instant(value(word, rest)));
                default -> directory = once(word, directory, directory(word));
            }
        }

        KeysArguments done(Instant now) {
            if (directory == null) {
                throw new IllegalArgumentException("no folder is named");
            }
            if (activateAt != null && activateAt.isBefore(now.truncatedTo(ChronoUnit.SECONDS))) {
                throw new IllegalArgumentException("keys cannot begin to sign in the past");
            }
            return new KeysArguments(
                    directory,
                    algorithm == null ? IdentityAlgorithm.RS256 : algorithm,
                    Optional.ofNullable(activateAt));
        }

        private static <T> T once(String word, @Nullable T before, T now) {
            if (before != null) {
                throw new IllegalArgumentException(word + " is one too many");
            }
            return now;
        }

        private static String value(String option, Iterator<String> rest) {
            if (!rest.hasNext()) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            return rest.next();
        }

        private static IdentityAlgorithm algorithm(String name) {
            return Arrays.stream(IdentityAlgorithm.values())
                    .filter(algorithm -> algorithm.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("--algorithm must be RS256 or ES256"));
        }

        private static Instant after(String text, Instant now) {
            try {
                return now.plus(DurationStyle.detectAndParse(text)).truncatedTo(ChronoUnit.SECONDS);
            } catch (IllegalArgumentException | DateTimeException | ArithmeticException wrong) {
                throw new IllegalArgumentException("--activate-in must be a duration like 10m", wrong);
            }
        }

        private static Instant instant(String text) {
            try {
                return Instant.parse(text).truncatedTo(ChronoUnit.SECONDS);
            } catch (DateTimeException wrong) {
                throw new IllegalArgumentException("--activate-at must be like 2026-01-31T12:00:00Z", wrong);
            }
        }

        private static Path directory(String word) {
            if (word.isBlank() || word.startsWith("-")) {
                throw new IllegalArgumentException("unknown option " + word);
            }
            try {
                return Path.of(word);
            } catch (InvalidPathException wrong) {
                throw new IllegalArgumentException("no folder can be called that", wrong);
            }
        }
    }
}
