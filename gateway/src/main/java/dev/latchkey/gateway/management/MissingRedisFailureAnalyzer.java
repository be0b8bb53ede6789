package dev.latchkey.gateway.management;

import java.util.List;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Says it in one sentence instead of a stack trace, beside everything else that is missing. */
final class MissingRedisFailureAnalyzer extends AbstractFailureAnalyzer<MissingRedisException> {

    private final Environment environment;

    MissingRedisFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected FailureAnalysis analyze(Throwable root, MissingRedisException cause) {
        String sentence = String.valueOf(cause.getMessage());
        List<String> all = PropertiesCheck.faults(environment);
        return new FailureAnalysis(all.contains(sentence) ? String.join("\n", all) : sentence, null, cause);
    }
}
