package dev.latchkey.gateway.session;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Ends a start with such durations with its one sentence instead of a stack trace. */
final class LifetimesFailureAnalyzer extends AbstractFailureAnalyzer<LifetimesException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, LifetimesException cause) {
        return new FailureAnalysis(
                String.valueOf(cause.getMessage()), "Lengthen the access token's life or shorten the grace.", cause);
    }
}
