package dev.latchkey.gateway.user;

import java.util.Set;

/** A users file for whoever asks about it without a gateway. */
public final class UsersOfFile {

    private UsersOfFile() {}

    /**
     * Every role that somebody who may sign in has. Blocks.
     *
     * @param location a path, or {@code classpath:} and a name
     * @throws IllegalArgumentException with a sentence that says what is wrong with the file, and where
     */
    public static Set<String> roles(String location) {
        UsersFile file = new UsersFile(location);
        try {
            // Whether tokens fit a cookie depends on settings that are not known here, and says nothing of roles.
            return new UsersReader(file, (subject, roles) -> true)
                    .read(file.read())
                    .roles();
        } catch (UsersFileException wrong) {
            throw new IllegalArgumentException(wrong.getMessage(), wrong);
        }
    }
}
