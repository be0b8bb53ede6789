package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.yaml.Fault;
import dev.latchkey.gateway.yaml.Position;

/** Says in one sentence, without any secret, what is wrong with a folder of keys and where. */
final class KeyFolderException extends StartupException {

    private static final long serialVersionUID = 1L;

    private final transient Fault fault;

    /** Takes no cause: a parser's message may quote the file, which is secret. */
    KeyFolderException(Position place, String sentence) {
        this(new Fault(place, sentence));
    }

    private KeyFolderException(Fault fault) {
        super("keys " + fault, "Check latchkey.keys.directory.");
        this.fault = fault;
    }

    /** What is wrong, and its place. */
    Fault fault() {
        return fault;
    }
}
