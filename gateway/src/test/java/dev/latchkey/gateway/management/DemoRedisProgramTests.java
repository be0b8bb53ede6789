package dev.latchkey.gateway.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.gateway.startup.StartupException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which server of this machine the demo starts, and what it says where there is none. */
final class DemoRedisProgramTests {

    private static final String NEW = "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64 build=1";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    redis-server      | Redis server v=6.2.6 sha=00000000:0 malloc=libc bits=64
                    redis-server      | Redis server v=10.0.0 sha=00000000:0
                    valkey-server     | Valkey server v=8.0.1 sha=00000000:0 malloc=jemalloc-5.3.0
                    valkey-server     | Server v=7.2.5 sha=00000000:0
                    redis-server.exe  | Redis server v=7.4.0 sha=00000000:0
                    """)
    void findWhenThereIsANewOneThenIt(String name, String answer) throws IOException {
        Path program = program(folder, name, "echo '" + answer + "'");
        assertThat(DemoRedis.find(folder.toString())).isEqualTo(program);
    }

    @Test
    void findWhenTheFirstIsOldThenTheNext() throws IOException {
        program(folder, "redis-server", "echo 'Redis server v=6.0.16 sha=00000000:0'");
        Path other = Files.createDirectory(folder.resolve("other"));
        Path program = program(other, "redis-server", "echo '" + NEW + "'");
        assertThat(DemoRedis.find(folder + File.pathSeparator + other)).isEqualTo(program);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    redis-server.exe | echo 'Redis server v=5.0.14.1 sha=ec77f72d:0'          | is 5.0.14.1
                    redis-server     | echo 'something else'                                  | does not say its version
                    redis-server     | exec sleep 600                                         | does not say its version
                    redis-server     | echo 'error while loading shared libraries: libssl.so.3: x' | needs libssl.so.3 \
                    (OpenSSL 3), which is not installed
                    """)
    void findWhenNoneIsFitThenTheSentenceSaysWhyAndWhatToDo(String name, String script, String why) throws IOException {
        Path program = program(folder, name, script);
        assertThatThrownBy(() -> DemoRedis.find(folder.toString()))
                .isInstanceOfSatisfying(StartupException.class, failure -> {
                    assertThat(failure.sentence())
                            .isEqualTo("The demo needs a redis-server or valkey-server, 6.2 or newer, on the PATH, and"
                                    + " found none: " + program + " " + why + ".");
                    assertThat(failure.action())
                            .hasValueSatisfying(action -> assertThat(action)
                                    .contains("apt-get install redis-server", "spring.data.redis.host"));
                });
    }

    @Test
    void findWhenThereIsNoneThenASentence() {
        assertThatThrownBy(() -> DemoRedis.find(folder + File.pathSeparator + File.pathSeparator))
                .isInstanceOf(StartupException.class)
                .hasMessageEndingWith("and found none.");
    }

    private static Path program(Path folder, String name, String script) throws IOException {
        Path program = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program;
    }
}
