package dev.latchkey.gateway.keys.command;

import java.time.DateTimeException;
import java.time.Duration;
import org.springframework.boot.convert.DurationStyle;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a duration as the properties do. */
final class DurationConverter implements ITypeConverter<Duration> {

    private static final int MOST_DAYS = 3650;

    @Override
    public Duration convert(String text) {
        try {
            Duration duration = DurationStyle.detectAndParse(text);
            if (duration.compareTo(Duration.ofDays(MOST_DAYS)) < 0) {
                return duration;
            }
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException wrong) {
            throw new TypeConversionException("it must be a duration like 10m");
        }
        throw new TypeConversionException("it must be less than " + MOST_DAYS + "d");
    }
}
