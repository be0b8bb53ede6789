package dev.latchkey.gateway.session;

import dev.latchkey.gateway.testing.redis.RedisMonitor;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import io.lettuce.core.RedisURI;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real redis-server on a port of its own that can be killed, restarted with what it knew, stopped and continued.
 * Either close it, or register it: {@code @RegisterExtension static final TestRedis REDIS = TestRedis.start()}.
 */
public final class TestRedis implements AutoCloseable, AfterAllCallback {

    private final RedisProcess process = RedisProcess.start();

    private TestRedis() {}

    public static TestRedis start() {
        return new TestRedis();
    }

    public int port() {
        return process.port();
    }

    public RedisURI uri() {
        return process.uri();
    }

    public boolean isRunning() {
        return process.isRunning();
    }

    /** SIGKILL. */
    public void kill() {
        process.kill();
    }

    /** On the same port, with all that it had acknowledged. */
    public void restart() {
        process.restart();
    }

    /** SIGSTOP: connections stay, nothing answers. */
    public void pause() {
        process.pause();
    }

    /** SIGCONT. */
    public void resume() {
        process.resume();
    }

    public void flush() {
        process.tell("FLUSHALL");
    }

    /** Sends a command that must be answered with no error. */
    public void tell(String command) {
        process.tell(command);
    }

    /** Hears every command from now on. */
    public RedisMonitor monitor() {
        return RedisMonitor.of(process);
    }

    @Override
    public void close() {
        process.close();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }
}
