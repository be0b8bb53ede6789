package dev.latchkey.gateway.management;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Ends a start with a wrong property with the sentence that its record wrote. What is none of ours is left to the
 * framework, which tells of classes and exceptions.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class PropertyFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

    private static final String OURS = "latchkey.";

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable root, BindException cause) {
        Throwable origin = NestedExceptionUtils.getMostSpecificCause(cause);
        String sentence = String.valueOf(origin.getMessage());
        return origin instanceof IllegalArgumentException && sentence.startsWith(OURS)
                ? new FailureAnalysis(sentence, null, cause)
                : null;
    }
}
