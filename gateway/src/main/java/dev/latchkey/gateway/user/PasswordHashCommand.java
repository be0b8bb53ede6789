package dev.latchkey.gateway.user;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Makes a hash for the users file. The password is typed or piped, never an argument that others could see. */
public final class PasswordHashCommand {

    /** What may stand behind the command's words. */
    public static final String USAGE = "users hash [--algorithm bcrypt|argon2]    reads a password, prints its hash";

    private static final int BCRYPT_READS = 72;

    private PasswordHashCommand() {}

    /**
     * Reads one line and prints its hash.
     *
     * @return 0 done, 1 refused, 2 called wrongly
     */
    public static int run(List<String> arguments, InputStream in, PrintStream out, PrintStream err) {
        if (!arguments.isEmpty() && !(arguments.size() == 2 && arguments.get(0).equals("--algorithm"))) {
            err.println("usage: java -jar gateway.jar " + USAGE);
            return 2;
        }
        String algorithm = arguments.isEmpty() ? "bcrypt" : arguments.get(1);
        return switch (algorithm) {
            case "bcrypt" -> hash(PasswordHash.Kind.BCRYPT, in, out, err);
            case "argon2" -> hash(PasswordHash.Kind.ARGON2, in, out, err);
            default -> {
                err.println("usage: java -jar gateway.jar " + USAGE);
                yield 2;
            }
        };
    }

    private static int hash(PasswordHash.Kind kind, InputStream in, PrintStream out, PrintStream err) {
        String password = password(in);
        if (password.isEmpty()) {
            err.println("No password was given.");
            return 1;
        }
        if (kind == PasswordHash.Kind.BCRYPT && password.getBytes(StandardCharsets.UTF_8).length > BCRYPT_READS) {
            err.println(
                    "bcrypt reads no more than 72 bytes of a password: choose a shorter one, or --algorithm argon2.");
            return 1;
        }
        out.println(kind.hash(password));
        return 0;
    }

    private static String password(InputStream in) {
        Console console = in == System.in ? System.console() : null;
        if (console != null) {
            char[] typed = console.readPassword("Password: ");
            return typed == null ? "" : new String(typed);
        }
        try {
            String line = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
            return line == null ? "" : line;
        } catch (IOException failure) {
            return "";
        }
    }
}
