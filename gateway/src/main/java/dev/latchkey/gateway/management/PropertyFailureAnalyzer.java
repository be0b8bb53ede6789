package dev.latchkey.gateway.management;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Ends a start with a missing or wrong property with a sentence for each that is, and not only for the first. What is
 * none of ours is left to the framework, which tells of classes and exceptions.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class PropertyFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

    private final Environment environment;

    PropertyFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable root, BindException cause) {
        return PropertiesCheck.sentence(cause)
                .map(first -> analysis(first, cause))
                .orElse(null);
    }

    private FailureAnalysis analysis(String first, BindException cause) {
        List<String> all = PropertiesCheck.faults(environment);
        return new FailureAnalysis(all.contains(first) ? String.join("\n", all) : first, null, cause);
    }
}
