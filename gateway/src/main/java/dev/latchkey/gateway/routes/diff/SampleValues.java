package dev.latchkey.gateway.routes.diff;

import dev.latchkey.gateway.routes.definition.ValueMatcher;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Words to try because an expression only says whether one matches. */
final class SampleValues {

    /** What stands for anything. */
    static final String ANY = "x";

    private static final List<String> WORDS = List.of(
            ANY,
            "1",
            "a",
            "A",
            "en",
            "12",
            "123",
            "1234",
            "abc",
            "v1",
            "true",
            "2026",
            "2026-01-31",
            "x.html",
            "00000000-0000-0000-0000-000000000000");

    private SampleValues() {}

    static Stream<String> words() {
        return WORDS.stream();
    }

    /** A value that passes the test; nothing if none is needed or known. */
    static Optional<String> of(ValueMatcher test) {
        if (test instanceof ValueMatcher.Exact exact) {
            return Optional.of(exact.wanted());
        }
        Predicate<List<String>> passes = test;
        return passes.test(List.of())
                ? Optional.empty()
                : words().filter(it -> passes.test(List.of(it))).findFirst();
    }
}
