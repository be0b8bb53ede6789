package dev.latchkey.gateway.management;

import dev.latchkey.gateway.redis.Capability;
import dev.latchkey.gateway.startup.StartupException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A {@code redis-server} or {@code valkey-server} of this machine that is new enough for the gateway's scripts. */
final class ServerProgram {

    private static final List<String> NAMES =
            List.of("redis-server", "valkey-server", "redis-server.exe", "valkey-server.exe");
    private static final long LONGEST_ANSWER_SECONDS = 5;
    private static final int LONGEST_ANSWER_BYTES = 4096;

    /** Such as {@code Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64}. */
    private static final Pattern VERSION = Pattern.compile("\\bv=(\\d+\\.\\d+\\S*)");

    /** What the loader of Linux says, such as of {@code libssl.so.3}. */
    private static final Pattern LIBRARY = Pattern.compile("error while loading shared libraries: ([^:\\s]+):");

    private ServerProgram() {}

    /**
     * Asks each of them for its version until one is fit. Blocks.
     *
     * @param path folders as in the environment variable {@code PATH}
     * @throws StartupException where none is, with what is wrong with those that were found
     */
    static Path find(String path) {
        List<String> unfit = new ArrayList<>();
        for (Path program : programs(path)) {
            String why = whyUnfit(program);
            if (why.isEmpty()) {
                return program;
            }
            unfit.add(program + " " + why);
        }
        throw new StartupException(
                "The demo needs a redis-server or valkey-server, " + Capability.OLDEST
                        + " or newer, on the PATH, and found none"
                        + (unfit.isEmpty() ? "." : ": " + String.join("; ", unfit) + "."),
                "Install one (Debian: apt-get install redis-server; macOS: brew install redis),"
                        + " or set spring.data.redis.host to a Redis that runs.");
    }

    /** An empty entry would be the current folder, from which nothing is started. */
    private static List<Path> programs(String path) {
        return Stream.of(path.split(File.pathSeparator))
                .filter(folder -> !folder.isBlank())
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .toList();
    }

    /** Empty where it is fit. */
    private static String whyUnfit(Path program) {
        try {
            Process asked = new ProcessBuilder(program.toString(), "--version")
                    .redirectErrorStream(true)
                    .start();
            asked.getOutputStream().close();
            if (!asked.waitFor(LONGEST_ANSWER_SECONDS, TimeUnit.SECONDS)) {
                asked.destroyForcibly();
                return "does not say its version";
            }
            return whyUnfit(
                    new String(asked.getInputStream().readNBytes(LONGEST_ANSWER_BYTES), StandardCharsets.UTF_8));
        } catch (IOException unable) {
            return "cannot be started";
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return "was not waited for";
        }
    }

    private static String whyUnfit(String answer) {
        Matcher library = LIBRARY.matcher(answer);
        if (library.find()) {
            String name = library.group(1);
            return "needs " + name + (name.equals("libssl.so.3") ? " (OpenSSL 3)" : "") + ", which is not installed";
        }
        Matcher version = VERSION.matcher(answer);
        if (!version.find()) {
            return "does not say its version";
        }
        return Capability.isTooOld(version.group(1)) ? "is " + version.group(1) : "";
    }
}
