package dev.latchkey.gateway.management;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Ends a start whose file of properties is no YAML with a sentence that says where. What the parser says quotes the
 * file, and passwords may stand there.
 */
final class MalformedPropertiesAnalyzer extends AbstractFailureAnalyzer<MarkedYAMLException> {

    @Override
    protected FailureAnalysis analyze(Throwable failure, MarkedYAMLException malformed) {
        return new FailureAnalysis(sentence(malformed), "Correct the file.", malformed);
    }

    static String sentence(MarkedYAMLException malformed) {
        Mark place = malformed.getProblemMark();
        return "A file of properties is not well-formed YAML"
                + (place == null ? "" : ", near line " + (place.getLine() + 1) + ", column " + (place.getColumn() + 1));
    }
}
