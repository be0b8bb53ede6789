package dev.latchkey.gateway.problem;

/** A request that cannot be served, with the problem that is answered instead. Part of no log: a client causes it. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.title(), null, false, false);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
