package dev.latchkey.gateway.keys;

/** Says in one sentence, without any secret, what is wrong with a folder of keys. */
public final class KeyFolderException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Takes no cause: a parser's message may quote the file, which is secret. */
    KeyFolderException(String sentence) {
        super(sentence);
    }
}
