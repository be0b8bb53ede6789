package dev.latchkey.gateway.management;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says it in one sentence instead of a stack trace. */
final class MissingRedisFailureAnalyzer extends AbstractFailureAnalyzer<MissingRedisException> {

    @Override
    protected FailureAnalysis analyze(Throwable root, MissingRedisException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), null, cause);
    }
}
