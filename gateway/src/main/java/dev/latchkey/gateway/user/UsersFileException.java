package dev.latchkey.gateway.user;

import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.yaml.Fault;
import java.util.List;
import java.util.stream.Collectors;

/** Says, without any hash, what is wrong with a users file and where. */
final class UsersFileException extends StartupException {

    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    /**
     * Takes no cause: a parser's message may quote the file, which holds hashes.
     *
     * @param faults at least one
     */
    UsersFileException(List<Fault> faults) {
        super(
                "users file " + faults.stream().map(Fault::toString).collect(Collectors.joining("\n")),
                "Mend the file, or set latchkey.users.file to another one.");
        this.faults = List.copyOf(faults);
    }

    List<Fault> faults() {
        return faults;
    }
}
