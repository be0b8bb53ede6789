package dev.latchkey.gateway.user;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Ends a start without usable users with its one sentence instead of a stack trace. */
final class UsersFailureAnalyzer extends AbstractFailureAnalyzer<UsersFileException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UsersFileException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), "Check latchkey.users.file.", cause);
    }
}
