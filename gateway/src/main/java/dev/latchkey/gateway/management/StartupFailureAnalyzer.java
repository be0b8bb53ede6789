package dev.latchkey.gateway.management;

import dev.latchkey.gateway.startup.StartupException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Ends a start that cannot go on with sentences instead of a stack trace: for a missing or wrong property, one for each
 * that is wrong and not only for the first. Every other failure is left to the framework.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class StartupFailureAnalyzer implements FailureAnalyzer {

    private final Environment environment;

    StartupFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StartupException known) {
                return analysis(known.sentence(), known.action().orElse(null), known);
            }
            if (cause instanceof BindException property) {
                return PropertiesCheck.sentence(property)
                        .map(sentence -> analysis(sentence, null, property))
                        .orElse(null);
            }
        }
        return null;
    }

    private FailureAnalysis analysis(String sentence, @Nullable String action, Exception cause) {
        List<String> all = PropertiesCheck.faults(environment);
        return new FailureAnalysis(all.contains(sentence) ? String.join("\n", all) : sentence, action, cause);
    }
}
