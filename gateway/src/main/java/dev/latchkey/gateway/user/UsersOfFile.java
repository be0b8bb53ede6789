package dev.latchkey.gateway.user;

import dev.latchkey.gateway.reload.FileReport;
import dev.latchkey.gateway.token.CookieNames;
import dev.latchkey.gateway.token.Issuer;
import java.util.List;
import java.util.Set;

/** A users file, read without a gateway. */
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

    /**
     * Whether a gateway with these settings would take the file. Blocks.
     *
     * @param location a path, or {@code classpath:} and a name
     */
    public static FileReport check(String location, Issuer issuer, CookieNames names) {
        UsersFile file = new UsersFile(location);
        try {
            UserTable users = new UsersReader(file, new CookieBudget(issuer, names)::fits).read(file.read());
            return new FileReport(users.byName().size(), List.of(), List.of());
        } catch (UsersFileException wrong) {
            return FileReport.refused(wrong.faults());
        }
    }
}
