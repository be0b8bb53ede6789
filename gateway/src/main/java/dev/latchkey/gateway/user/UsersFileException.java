package dev.latchkey.gateway.user;

/** The users file cannot be used; the message is one sentence that names the place and shows no hash. */
final class UsersFileException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UsersFileException(String message) {
        super(message);
    }
}
