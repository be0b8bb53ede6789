package dev.latchkey.sample;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands the running demo to every test that asks for it, and stops it after the last one. */
final class Demonstrations implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Demonstration.class;
    }

    @Override
    public Demonstration resolveParameter(ParameterContext parameter, ExtensionContext context) {
        assumeTrue(
                Files.exists(Demonstration.GATEWAY_JAR) && Files.exists(Demonstration.BACKEND_JAR),
                "skipped: the jars are not packaged, run the whole build");
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(Demonstrations.class))
                .computeIfAbsent(Demonstration.class, type -> start(), Demonstration.class);
    }

    private static Demonstration start() {
        try {
            return new Demonstration();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
