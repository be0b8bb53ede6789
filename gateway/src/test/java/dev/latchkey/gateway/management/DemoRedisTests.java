package dev.latchkey.gateway.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** The Redis that the demo starts: real, on loopback, unless another one was named, and gone with the demo. */
final class DemoRedisTests {

    private static final String PORT = "spring.data.redis.port";

    @TempDir
    private Path folder;

    @Test
    void startWhenCalledThenARealServerOnLoopbackOnly() throws IOException {
        DemoRedis redis = DemoRedis.start(RedisProcess.own().toPath());
        try {
            assertThat(answers(InetAddress.getLoopbackAddress(), redis.port())).isTrue();
            for (InetAddress other : otherAddresses()) {
                assertThat(answers(other, redis.port())).as("%s", other).isFalse();
            }
        } finally {
            redis.stop();
        }
        assertThat(answers(InetAddress.getLoopbackAddress(), redis.port())).isFalse();
        redis.stop();
    }

    @Test
    void demoWhenNoRedisIsNamedThenItBringsOneUntilTheContextCloses() {
        GenericApplicationContext context = context("demo", Map.of());
        new DemoInitializer(path()).initialize(context);
        int port = context.getEnvironment().getRequiredProperty(PORT, Integer.class);
        assertThat(context.getEnvironment().getProperty("spring.data.redis.host"))
                .isEqualTo("127.0.0.1");
        assertThat(answers(InetAddress.getLoopbackAddress(), port)).isTrue();
        context.refresh();
        context.close();
        assertThat(answers(InetAddress.getLoopbackAddress(), port)).isFalse();
    }

    @Test
    void demoWhenItEndsThenRedisIsThereUntilEverythingElseHasEnded() {
        GenericApplicationContext context = context("demo", Map.of());
        new DemoInitializer(path()).initialize(context);
        int port = context.getEnvironment().getRequiredProperty(PORT, Integer.class);
        List<Boolean> answered = new ArrayList<>();
        context.registerBean(
                "last",
                DisposableBean.class,
                () -> () -> answered.add(answers(InetAddress.getLoopbackAddress(), port)));
        context.refresh();
        context.close();
        assertThat(answered).containsExactly(true);
        assertThat(answers(InetAddress.getLoopbackAddress(), port)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spring.data.redis.host",
                "spring.data.redis.port",
                "spring.data.redis.url",
                "spring.data.redis.sentinel.nodes",
                "spring.data.redis.cluster.nodes[0]",
                "spring.data.redis.masterreplica.nodes"
            })
    void demoWhenARedisIsNamedThenItBringsNone(String property) {
        GenericApplicationContext context = context("demo", Map.of(property, "6379"));
        new DemoInitializer(path()).initialize(context);
        assertThat(context.getEnvironment().getProperty(PORT)).isIn(null, "6379");
        context.refresh();
        context.close();
    }

    @Test
    void startWhenNoDemoAndNoRedisThenASentence() {
        assertThatThrownBy(() -> new DemoInitializer(path()).initialize(context("production", Map.of())))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("spring.data.redis.host");
    }

    @Test
    void demoWhenItsProcessIsAskedToEndThenNoServerIsLeft() throws Exception {
        Process demo = startDemo();
        int port = portOf(demo);
        assertThat(answers(InetAddress.getLoopbackAddress(), port)).isTrue();
        demo.destroy();
        assertThat(demo.waitFor(30, TimeUnit.SECONDS)).isTrue();
        await().atMost(Duration.ofSeconds(10)).until(() -> !answers(InetAddress.getLoopbackAddress(), port));
    }

    @Test
    void demoWhenItsProcessEndsByItselfThenNoServerIsLeft() throws Exception {
        Process demo = startDemo();
        int port = portOf(demo);
        demo.getOutputStream().close();
        assertThat(demo.waitFor(30, TimeUnit.SECONDS)).isTrue();
        await().atMost(Duration.ofSeconds(10)).until(() -> !answers(InetAddress.getLoopbackAddress(), port));
    }

    private Process startDemo() throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        ProcessBuilder demo = new ProcessBuilder(
                        java.toString(), "-cp", System.getProperty("java.class.path"), DemoProcess.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        demo.environment().put("PATH", path());
        return demo.start();
    }

    /** A PATH whose only redis-server is the tests' own. */
    private String path() {
        try {
            Path server = folder.resolve("redis-server");
            if (!Files.exists(server)) {
                Files.createSymbolicLink(server, RedisProcess.own().toPath().toAbsolutePath());
            }
            return folder.toString();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static int portOf(Process demo) throws IOException {
        BufferedReader reader = demo.inputReader(StandardCharsets.UTF_8);
        String line = Objects.requireNonNull(reader.readLine());
        while (!line.startsWith(DemoProcess.PORT_IS)) {
            line = Objects.requireNonNull(reader.readLine());
        }
        return Integer.parseInt(line.substring(DemoProcess.PORT_IS.length()));
    }

    private static GenericApplicationContext context(String profile, Map<String, Object> properties) {
        GenericApplicationContext context = new GenericApplicationContext();
        ConfigurableEnvironment environment = context.getEnvironment();
        environment.setActiveProfiles(profile);
        environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
        return context;
    }

    private static Iterable<InetAddress> otherAddresses() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress())
                .toList();
    }

    private static boolean answers(InetAddress address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 2000);
            socket.setSoTimeout(2000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII).equals("+PONG");
        } catch (IOException none) {
            return false;
        }
    }
}
