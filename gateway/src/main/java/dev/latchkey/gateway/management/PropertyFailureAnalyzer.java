package dev.latchkey.gateway.management;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionException;
import org.springframework.util.ClassUtils;

/**
 * Ends a start with a wrong property with the sentence that its record wrote or, where its value is of no such kind,
 * with one that says what it should be. What is none of ours is left to the framework, which tells of classes and
 * exceptions.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class PropertyFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

    private static final String OURS = "latchkey.";

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable root, BindException cause) {
        Throwable origin = NestedExceptionUtils.getMostSpecificCause(cause);
        String sentence = String.valueOf(origin.getMessage());
        if (origin instanceof IllegalArgumentException && sentence.startsWith(OURS)) {
            return new FailureAnalysis(sentence, null, cause);
        }
        boolean isUnreadable =
                cause.getName().toString().startsWith(OURS) && findCause(cause, ConversionException.class) != null;
        return isUnreadable ? new FailureAnalysis(unreadable(cause), null, cause) : null;
    }

    /** Where the value stands, and not the value: nobody knows what was put there by mistake. */
    private static String unreadable(BindException cause) {
        String place = Optional.ofNullable(cause.getProperty())
                .map(ConfigurationProperty::getOrigin)
                .map(it -> " (" + it + ")")
                .orElse("");
        return cause.getName() + " must be " + kind(cause.getTarget().getType().resolve(Object.class)) + place;
    }

    private static String kind(Class<?> type) {
        Class<?> wanted = ClassUtils.resolvePrimitiveIfNecessary(type);
        if (wanted.isEnum()) {
            return Arrays.stream(wanted.getEnumConstants())
                    .map(it -> it.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .collect(Collectors.joining(" or "));
        }
        if (wanted == Duration.class) {
            return "a time such as 500ms, 30s, 5m, 2h or 7d";
        }
        if (wanted == Boolean.class) {
            return "true or false";
        }
        return Number.class.isAssignableFrom(wanted) ? "a whole number" : "of another kind";
    }
}
