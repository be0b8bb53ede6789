package dev.latchkey.gateway.admin.command;

import dev.latchkey.gateway.admin.Actor;
import dev.latchkey.gateway.crypto.Base64Url;
import dev.latchkey.gateway.crypto.Sha256;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code java -jar gateway.jar admin token}: makes a token for an operator. */
@Command(name = "admin", description = "Helps with the tokens of operators.")
public final class AdminCommand {

    private static final int BYTES = 32;

    /** So that scanners for secrets find it where it should not be. */
    private static final String PREFIX = "latchkey-admin-";

    private final PrintStream out;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    public AdminCommand(PrintStream out) {
        this.out = out;
    }

    @Command(
            name = "token",
            description = {
                "Makes a token of 256 random bits, and the line for latchkey.admin.tokens-file, which has its hash.",
                "With --token-file, the token goes to that new file, and only the line is printed."
            })
    int token(
            @Option(
                            names = "--name",
                            required = true,
                            paramLabel = "NAME",
                            description = "What the audit log calls the operator.")
                    String name,
            @Option(
                            names = "--token-file",
                            paramLabel = "FILE",
                            description = "A file that does not exist yet, for the token; only its owner can read it.")
                    @Nullable
                    Path file) {
        if (!Actor.isWellFormed(name)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "the name begins with a letter or a digit and has up to 64 letters, digits, '.', '_', '@' and '-'");
        }
        String token = PREFIX + Base64Url.random(new SecureRandom(), BYTES);
        if (file == null) {
            out.println("token, shown this once: " + token);
            out.println("line for the tokens file:");
        } else {
            write(token, file);
        }
        out.println(name + ": " + Sha256.hex(token.getBytes(StandardCharsets.UTF_8)));
        return 0;
    }

    private static void write(String token, Path file) {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, token + "\n");
        } catch (FileAlreadyExistsException there) {
            throw new IllegalArgumentException("the file of --token-file exists already", there);
        } catch (IOException failure) {
            throw new IllegalArgumentException("the file of --token-file cannot be written", failure);
        }
    }
}
