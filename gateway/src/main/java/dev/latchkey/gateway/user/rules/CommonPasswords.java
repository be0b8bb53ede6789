package dev.latchkey.gateway.user.rules;

import com.nulabinc.zxcvbn.StandardDictionaries;
import com.nulabinc.zxcvbn.matchers.DictionaryLoader;
import dev.latchkey.gateway.reload.FileLocation;
import dev.latchkey.gateway.reload.FileSnapshot;
import dev.latchkey.gateway.reload.UnusableFileException;
import dev.latchkey.gateway.user.NormalForm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Passwords that others have chosen before: those of zxcvbn's lists, and of a file. Case does not count. */
final class CommonPasswords {

    private static final int MOST_BYTES = 8 << 20;

    /** Words that are long enough to be chosen as a password. */
    private static final List<DictionaryLoader> WORDS =
            List.of(StandardDictionaries.ENGLISH_WIKIPEDIA_LOADER, StandardDictionaries.US_TV_AND_FILM_LOADER);

    /** A unit this short is no more than a pattern when it is repeated. */
    private static final int SHORT_UNIT = 4;

    private final Set<String> known = new HashSet<>();

    /** Reads the lists. Blocks, and ends the start if the file cannot be used. */
    CommonPasswords(PasswordProperties properties) {
        words(StandardDictionaries.PASSWORDS_LOADER).forEach(known::add);
        WORDS.stream()
                .flatMap(CommonPasswords::words)
                .filter(word -> word.length() >= properties.minLength())
                .forEach(known::add);
        Optional.ofNullable(properties.blocklistFile())
                .map(String::strip)
                .filter(file -> !file.isEmpty())
                .ifPresent(this::add);
    }

    private static Stream<String> words(DictionaryLoader list) {
        try {
            return list.load().getFrequencies().stream();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void add(String file) {
        new FileLocation(file)
                .look(MOST_BYTES, "latchkey.users.passwords.blocklist-file")
                .<Stream<String>>fold(CommonPasswords::lines, faults -> {
                    throw new UnusableFileException(
                            "list of passwords that may not be chosen: ",
                            faults,
                            "Write one password a line, in UTF-8.");
                })
                .map(NormalForm::ofPassword)
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .map(CommonPasswords::folded)
                .forEach(known::add);
    }

    private static Stream<String> lines(FileSnapshot file) {
        return file.files().stream().flatMap(source -> new String(source.bytes(), StandardCharsets.UTF_8).lines());
    }

    /** Whether it is one of them, one of them repeated, a short unit repeated, or a run such as {@code abcdefgh}. */
    boolean contains(String password) {
        String folded = folded(password);
        int unit = unit(folded);
        return known.contains(folded)
                || unit <= SHORT_UNIT
                || (unit < folded.length() && known.contains(folded.substring(0, unit)))
                || isRun(folded);
    }

    static String folded(String password) {
        return password.toLowerCase(Locale.ROOT);
    }

    /** How long the shortest beginning is of which all is a repetition, the last one perhaps cut. */
    private static int unit(String text) {
        int unit = 1;
        while (unit < text.length() && !text.regionMatches(unit, text, 0, text.length() - unit)) {
            unit++;
        }
        return unit;
    }

    /** Each character follows the one before it, upwards or downwards. */
    private static boolean isRun(String text) {
        int step = text.charAt(1) - text.charAt(0);
        boolean isSteady = true;
        for (int i = 2; i < text.length() && isSteady; i++) {
            isSteady = text.charAt(i) - text.charAt(i - 1) == step;
        }
        return isSteady && Math.abs(step) <= 1;
    }
}
