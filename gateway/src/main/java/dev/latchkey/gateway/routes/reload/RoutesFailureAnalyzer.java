package dev.latchkey.gateway.routes.reload;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Ends a start with a bad routes file with the list of what is wrong instead of a stack trace. */
final class RoutesFailureAnalyzer extends AbstractFailureAnalyzer<RoutesFileException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, RoutesFileException cause) {
        return new FailureAnalysis(
                cause.getMessage(), "Correct the file that latchkey.routes.file names, and start again.", cause);
    }
}
