package dev.latchkey.gateway.reload;

import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.yaml.Fault;
import java.util.List;
import java.util.stream.Collectors;

/** Says what is wrong with files and where: ends a start, and leaves a running node with what it has. */
public final class UnusableFileException extends StartupException {

    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    /**
     * Takes no cause: a parser's message may quote the file, which may hold secrets.
     *
     * @param subject before the faults in the sentence
     * @param faults at least one
     * @param action what the operator can do
     */
    public UnusableFileException(String subject, List<Fault> faults, String action) {
        super(subject + lines(faults), action);
        this.faults = List.copyOf(faults);
    }

    public List<Fault> faults() {
        return faults;
    }

    /** One line for each. */
    static String lines(List<Fault> faults) {
        return faults.stream().map(Fault::toString).collect(Collectors.joining("\n"));
    }
}
