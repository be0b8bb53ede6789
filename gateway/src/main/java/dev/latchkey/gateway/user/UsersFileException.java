package dev.latchkey.gateway.user;

/** Says in one sentence, without any hash, what is wrong with a users file and where. */
final class UsersFileException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Takes no cause: a parser's message may quote the file, which holds hashes. */
    UsersFileException(String sentence) {
        super(sentence);
    }
}
