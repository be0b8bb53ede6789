package dev.latchkey.gateway.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hashes that other programs wrote, and texts that are none. */
final class PasswordHashTests {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final PasswordChecks checks = new PasswordChecks(PasswordHash.encoder("bcrypt"), 1, 5);

    @AfterEach
    void stop() {
        checks.destroy();
    }

    @ParameterizedTest
    @MethodSource
    void matchesWhenAnotherProgramWroteTheHashThenOnlyThatPasswordIs(Line vector) {
        PasswordHash hash = PasswordHash.parse(vector.second());

        assertThat(matches(vector.first(), hash)).isTrue();
        assertThat(hash.form().isWeak(hash.stored())).isEqualTo(vector.third().equals("weak"));
        if (vector.third().equals("weak")) { // the others take long
            assertThat(matches(vector.first() + "x", hash)).isFalse();
        }
    }

    static Stream<Line> matchesWhenAnotherProgramWroteTheHashThenOnlyThatPasswordIs() {
        return lines("hashes-of-others.txt");
    }

    @ParameterizedTest
    @MethodSource
    void parseWhenFormOrCostIsWrongThenSaidWithoutTheHash(Line line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PasswordHash.parse(line.second()))
                .withMessageStartingWith(line.first())
                .satisfies(wrong -> assertThat(line.second().length() < 10
                                || !String.valueOf(wrong.getMessage())
                                        .contains(line.second()
                                                .substring(line.second().length() - 6)))
                        .isTrue());
    }

    static Stream<Line> parseWhenFormOrCostIsWrongThenSaidWithoutTheHash() {
        return lines("refused-hashes.txt");
    }

    @Test
    void dummyWhenOfTheCostOfAnyFormThenOfTheSameCostAndOfNoPassword() {
        assertThat(lines("hashes-of-others.txt")
                        .map(vector -> PasswordHash.parse(vector.second()).cost())
                        .distinct())
                .hasSizeGreaterThan(11)
                .allSatisfy(cost -> assertThat(PasswordHash.dummy(cost))
                        .matches(dummy -> dummy.cost().equals(cost))
                        .isNotEqualTo(PasswordHash.dummy(cost)));
    }

    @Test
    void upgradedWhenWeakThenAHashOfTheSameFormThatIsNot() {
        Collection<Line> weak = lines("hashes-of-others.txt")
                .filter(vector -> vector.third().equals("weak"))
                .collect(Collectors.toMap(
                        vector -> PasswordHash.parse(vector.second()).form(), vector -> vector, (one, other) -> one))
                .values();

        assertThat(weak).isNotEmpty().allSatisfy(vector -> {
            PasswordHash old = PasswordHash.parse(vector.second());
            PasswordHash next = checks.upgraded(new Password(vector.first()), old)
                    .blockOptional(LIMIT)
                    .flatMap(made -> made)
                    .orElseThrow();
            assertThat(next.form()).isEqualTo(old.form());
            assertThat(next.form().isWeak(next.stored())).isFalse();
            assertThat(matches(vector.first(), next)).isTrue();
        });
    }

    @Test
    void upgradedWhenGoodThenNothing() {
        PasswordHash good = PasswordHash.parse(PasswordHash.dummy("$2b$12$").stored());

        assertThat(checks.upgraded(new Password("any"), good).block(LIMIT)).isEmpty();
    }

    /** Those that OWASP recommends: more memory makes up for fewer passes, and more passes for less memory. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{argon2}$argon2id$v=19$m=47104,t=1,p=1$",
                "argon2$argon2id$v=19$m=9216,t=4,p=1$",
                "{scrypt}$f0803$"
            })
    void upgradedWhenTheHashCostsMoreThanOneOfTodayThenNothing(String cost) {
        assertThat(checks.upgraded(new Password("any"), PasswordHash.dummy(cost))
                        .block(LIMIT))
                .isEmpty();
    }

    @Test
    void matchesWhenDjangoDigestsFirstThenAllOfALongPasswordCounts() {
        PasswordHash digested = lines("hashes-of-others.txt")
                .filter(vector -> vector.second().startsWith("bcrypt_sha256$")
                        && vector.first().length() > 72)
                .map(vector -> PasswordHash.parse(vector.second()))
                .findFirst()
                .orElseThrow();

        assertThat(matches("grün " + "x".repeat(89), digested)).isFalse();
        assertThat(matches("grün " + "x".repeat(90), digested)).isTrue();
    }

    private boolean matches(String password, PasswordHash hash) {
        return Boolean.TRUE.equals(checks.matches(new Password(password), hash).block(LIMIT));
    }

    private static Stream<Line> lines(String name) {
        try (InputStream in = PasswordHashTests.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" \\| ", -1))
                    .map(part -> new Line(part[0], part[1], part.length > 2 ? part[2] : ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Parts of one. */
    record Line(String first, String second, String third) {}
}
