package dev.latchkey.gateway.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/** A model of a protocol in {@code docs/model}, explored by Spin or walked at random by it. */
public final class SpinModel {

    static final Path FOLDER = Path.of("..", "docs", "model");

    private static final long MINUTES = 10;
    private static final String WALK_LENGTH = "-u60000";

    /** States are compared as they are: to leave out their padding first takes longer than it saves. */
    private static final String[] CHECKER = {
        "-DSAFETY", "-DNOREDUCE", "-DNOCOMP", "-DMEMLIM=4000", "-w", "-o", "pan", "pan.c"
    };

    private final String name;
    private final List<String> lines;

    private SpinModel(String name, List<String> lines) {
        this.name = name;
        this.lines = List.copyOf(lines);
    }

    /** Skips the test where Spin or the compiler that it needs is missing. */
    public static SpinModel read(String name) throws IOException {
        assumeTrue(isThere("spin", "-V"), "the model needs spin (Debian: apt-get install spin)");
        assumeTrue(isThere("gcc", "--version"), "the model needs gcc: Spin writes its checker in C");
        return new SpinModel(name, Files.readAllLines(FOLDER.resolve(name)));
    }

    /** With one line broken on purpose: the one that reads so, whatever its indentation. */
    public SpinModel with(String from, String to) {
        if (lines.stream().filter(line -> line.strip().equals(from)).count() != 1) {
            throw new IllegalArgumentException("not once in the model: " + from);
        }
        return new SpinModel(
                name,
                lines.stream()
                        .map(line -> line.strip().equals(from) ? to : line)
                        .toList());
    }

    /**
     * What the checker says after it has explored all that the bounds allow, or found what breaks a promise.
     *
     * @param optimization of the C compiler: where an error is soon found, it takes longer than the search
     */
    public String explore(List<String> bounds, List<String> optimization) throws IOException {
        return inFolder(folder -> {
            run(folder, command("spin", bounds, "-a", name));
            run(folder, command("gcc", optimization, CHECKER));
            return run(folder, List.of("./pan", "-m100000", "-w22"));
        });
    }

    /** One walk at random, a line for each script that ran. */
    public List<String> walk(int seed, List<String> bounds) throws IOException {
        return inFolder(folder -> run(folder, command("spin", bounds, "-T", "-B", "-n" + seed, WALK_LENGTH, name))
                        .lines())
                .map(String::strip)
                .toList();
    }

    private static List<String> command(String program, List<String> bounds, String... rest) {
        return Stream.of(Stream.of(program), bounds.stream(), Stream.of(rest))
                .flatMap(lines -> lines)
                .toList();
    }

    private <T> T inFolder(Work<T> work) throws IOException {
        Path folder = Files.createTempDirectory("latchkey-model");
        try {
            Files.write(folder.resolve(name), lines);
            return work.in(folder);
        } finally {
            FileSystemUtils.deleteRecursively(folder);
        }
    }

    private static boolean isThere(String... command) {
        try {
            run(Path.of("."), List.of(command));
            return true;
        } catch (IOException | UncheckedIOException absent) {
            return false;
        }
    }

    private static String run(Path folder, List<String> command) throws IOException {
        Path output = Files.createTempFile("latchkey-model", ".txt");
        Process process = new ProcessBuilder(new ArrayList<>(command))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                throw new IOException("not done in " + MINUTES + " minutes: " + command);
            }
            return Files.readString(output);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(stopped);
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }

    private interface Work<T> {
        T in(Path folder) throws IOException;
    }
}
