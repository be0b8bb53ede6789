package dev.latchkey.gateway.problem;

import dev.latchkey.gateway.origin.PublicOriginsProperties;
import dev.latchkey.gateway.page.PageHeaders;
import dev.latchkey.gateway.token.EndpointPaths;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;

/** How problems are written at {@code https://shop.example}. */
public final class TestProblems {

    private TestProblems() {}

    /** A writer whose meters nobody reads. */
    public static ProblemWriter writer() {
        PublicOriginsProperties origins = new PublicOriginsProperties(List.of("https://shop.example"));
        return new ProblemWriter(
                new SimpleMeterRegistry(),
                new PageHeaders(origins),
                EndpointPaths.DEFAULT,
                new SignInLink(origins, EndpointPaths.DEFAULT));
    }
}
