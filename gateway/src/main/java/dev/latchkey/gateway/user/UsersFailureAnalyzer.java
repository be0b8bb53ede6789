package dev.latchkey.gateway.user;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Ends a start without a usable users file with its one sentence instead of a stack trace. */
final class UsersFailureAnalyzer extends AbstractFailureAnalyzer<UsersFileException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UsersFileException cause) {
        return new FailureAnalysis(
                cause.getMessage(), "Mend the file, or set latchkey.users.file to another one.", cause);
    }
}
