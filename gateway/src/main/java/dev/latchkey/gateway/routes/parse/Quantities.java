package dev.latchkey.gateway.routes.parse;

import dev.latchkey.gateway.yaml.FieldReader;
import dev.latchkey.gateway.yaml.YamlNode;
import dev.latchkey.gateway.yaml.YamlNode.Scalar;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;

/** Reads amounts as people write them, within bounds. */
final class Quantities {

    static final Duration LONGEST = Duration.ofHours(1);

    private static final Pattern DURATION = Pattern.compile("[1-9][0-9]{0,6}(?:ms|s|m)");
    private static final Pattern SIZE = Pattern.compile("[1-9][0-9]{0,8}(?:B|KB|MB|GB)");
    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,9}");

    private Quantities() {}

    /** A time of at most an hour, if the field is there. */
    static Optional<Duration> duration(FieldReader section, String name) {
        return section.find(name)
                .flatMap(value -> text(value, DURATION)
                        .map(DurationStyle.SIMPLE::parse)
                        .filter(duration -> duration.compareTo(LONGEST) <= 0)
                        .or(() -> section.wrong(
                                value, name + " must be a duration such as 500ms, 5s or 2m, at most 60m")));
    }

    /** Bytes, if the field is there; a kilobyte has 1024. */
    static Optional<Long> size(FieldReader section, String name) {
        return section.find(name)
                .flatMap(value -> text(value, SIZE)
                        .map(text -> DataSize.parse(text).toBytes())
                        .or(() -> section.wrong(value, name + " must be a size such as 512B, 64KB, 10MB or 1GB")));
    }

    /** A whole number within bounds, if the field is there. */
    static Optional<Integer> whole(FieldReader section, String name, int least, int most) {
        return section.find(name).flatMap(value -> whole(section, name, value, least, most));
    }

    static Optional<Integer> whole(FieldReader section, String name, YamlNode value, int least, int most) {
        return text(value, WHOLE)
                .filter(unused -> !((Scalar) value).isText())
                .map(Integer::valueOf)
                .filter(number -> number >= least && number <= most)
                .or(() -> section.wrong(value, name + " must be a whole number from " + least + " to " + most));
    }

    private static Optional<String> text(YamlNode value, Pattern form) {
        return value instanceof Scalar scalar && form.matcher(scalar.value()).matches()
                ? Optional.of(scalar.value())
                : Optional.empty();
    }
}
