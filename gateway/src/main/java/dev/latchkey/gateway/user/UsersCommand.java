package dev.latchkey.gateway.user;

import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.springframework.util.Assert;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code java -jar gateway.jar users hash}: makes the hash of a password for the users file. */
@Command(name = "users", description = "Helps with the users file.")
public final class UsersCommand {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int LONGEST_BCRYPT = 72;
    private static final int LONGEST = Password.LONGEST;

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;

    /** Never prints a password. */
    public UsersCommand(InputStream in, PrintStream out, PrintStream err) {
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /**
     * Asks at the console without echo, or reads one line if the input is not a console. Takes no password as an
     * argument, because other users of the machine can see those.
     *
     * @return the exit code: 0 done, 1 failed
     */
    @Command(name = "hash", description = "Asks for a password and prints its hash. Takes no password as an argument.")
    int hash(
            @Option(
                            names = "--algorithm",
                            paramLabel = "ALGORITHM",
                            defaultValue = "bcrypt",
                            description = "bcrypt (the default), argon2, scrypt or pbkdf2.")
                    Algorithm algorithm) {
        try {
            String password = NormalForm.ofPassword(read(in));
            check(password, algorithm);
            out.println(PasswordHash.encoder(algorithm.id).encode(password));
            return DONE;
        } catch (IllegalArgumentException | IOException wrong) {
            err.println("users hash: " + wrong.getMessage());
            return FAILED;
        }
    }

    @SuppressWarnings("SystemConsoleNull") // null before Java 22 if the input is not a terminal
    private static String read(InputStream in) throws IOException {
        Console console = in == System.in ? System.console() : null;
        return console == null ? line(in) : ask(console);
    }

    private static String ask(Console console) throws IOException {
        char[] first = console.readPassword("Password: ");
        char[] second = console.readPassword("Again: ");
        if (first == null || second == null || !Arrays.equals(first, second)) {
            throw new IOException("the two are not the same");
        }
        return new String(first);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            bytes.write(next);
            if (bytes.size() > LONGEST + 1) {
                break;
            }
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
            return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        } catch (CharacterCodingException wrong) {
            throw new IOException("the password must be UTF-8 and at most " + LONGEST + " bytes", wrong);
        }
    }

    private static void check(String password, Algorithm algorithm) {
        int bytes = password.getBytes(StandardCharsets.UTF_8).length;
        Assert.isTrue(bytes > 0, "the password is empty");
        Assert.isTrue(password.indexOf('\0') < 0, "a password has no zero characters");
        Assert.isTrue(bytes <= LONGEST, "the password is longer than " + LONGEST + " bytes");
        Assert.isTrue(
                bytes <= LONGEST_BCRYPT || algorithm != Algorithm.bcrypt,
                "bcrypt takes no password of more than " + LONGEST_BCRYPT + " bytes; use --algorithm argon2");
    }

    /** Named as they are typed. */
    private enum Algorithm {
        bcrypt("bcrypt"),
        argon2("argon2"),
        scrypt("scrypt"),
        pbkdf2("pbkdf2@SpringSecurity_v5_8");

        private final String id;

        Algorithm(String id) {
            this.id = id;
        }
    }
}
