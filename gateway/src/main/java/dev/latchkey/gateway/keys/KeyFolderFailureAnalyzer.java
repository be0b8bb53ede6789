package dev.latchkey.gateway.keys;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Ends a start without usable keys with its one sentence instead of a stack trace. */
final class KeyFolderFailureAnalyzer extends AbstractFailureAnalyzer<KeyFolderException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, KeyFolderException cause) {
        return new FailureAnalysis(cause.getMessage(), "Check latchkey.keys.directory.", cause);
    }
}
