package dev.latchkey.gateway.problem;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts refusals by what they say. */
final class ProblemMeters {

    private final MeterRegistry registry;

    /** As many as there are names of problems, which are constants of ours. */
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();

    ProblemMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void count(Problem problem) {
        counters.computeIfAbsent(problem.name(), this::counter).increment();
    }

    private Counter counter(String name) {
        return Counter.builder("latchkey.problems")
                .description("Problem documents that were sent")
                .tag("problem", name)
                .register(registry);
    }
}
