package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.yaml.FieldReader;
import dev.latchkey.gateway.yaml.YamlNode;
import dev.latchkey.gateway.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads amounts as people write them, within bounds. */
final class Quantities {

    static final Duration LONGEST = Duration.ofHours(1);

    private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,6})(ms|s|m)");
    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,8})(B|KB|MB|GB)");
    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,9}");

    private Quantities() {}

    /** A time of at most an hour, if the field is there. */
    static Optional<Duration> duration(FieldReader section, String name) {
        return section.find(name).flatMap(it -> duration(section, name, it));
    }

    private static Optional<Duration> duration(FieldReader section, String name, YamlNode value) {
        Matcher parts = DURATION.matcher(text(value));
        Optional<Duration> duration = parts.matches()
                ? Optional.of(duration(Long.parseLong(parts.group(1)), parts.group(2)))
                : Optional.empty();
        return duration.filter(it -> it.compareTo(LONGEST) <= 0)
                .or(() -> section.wrong(
                        value, name + " must be a duration such as 500ms, 5s or 2m, at most " + minutes() + "m"));
    }

    private static long minutes() {
        return LONGEST.toMinutes();
    }

    private static Duration duration(long amount, String unit) {
        if (unit.equals("ms")) {
            return Duration.ofMillis(amount);
        }
        return unit.equals("s") ? Duration.ofSeconds(amount) : Duration.ofMinutes(amount);
    }

    /** Bytes, if the field is there; a kilobyte has 1024. */
    static Optional<Long> size(FieldReader section, String name) {
        return section.find(name).flatMap(it -> size(section, name, it));
    }

    private static Optional<Long> size(FieldReader section, String name, YamlNode value) {
        Matcher parts = SIZE.matcher(text(value));
        return parts.matches()
                ? Optional.of(Long.parseLong(parts.group(1)) << shift(parts.group(2)))
                : section.wrong(value, name + " must be a size such as 512B, 64KB, 10MB or 1GB");
    }

    private static int shift(String unit) {
        return switch (unit) {
            case "KB" -> 10;
            case "MB" -> 20;
            case "GB" -> 30;
            default -> 0;
        };
    }

    /** A whole number within bounds, if the field is there. */
    static Optional<Integer> whole(FieldReader section, String name, int least, int most) {
        return section.find(name).flatMap(it -> whole(section, name, it, least, most));
    }

    static Optional<Integer> whole(FieldReader section, String name, YamlNode value, int least, int most) {
        boolean isNumber = value instanceof Scalar scalar
                && !scalar.isText()
                && WHOLE.matcher(scalar.value()).matches();
        Optional<Integer> number = isNumber ? Optional.of(Integer.valueOf(text(value))) : Optional.empty();
        return number.filter(it -> it >= least && it <= most)
                .or(() -> section.wrong(value, name + " must be a whole number from " + least + " to " + most));
    }

    private static String text(YamlNode value) {
        return value instanceof Scalar scalar ? scalar.value() : "";
    }
}
