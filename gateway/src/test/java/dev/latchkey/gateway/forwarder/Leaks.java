package dev.latchkey.gateway.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a class of tests in which a buffer was dropped that nobody had released; each one is watched. */
public final class Leaks implements BeforeAllCallback, AfterAllCallback {

    private final List<String> found = new CopyOnWriteArrayList<>();
    private Level before = Level.SIMPLE;

    @Override
    public void beforeAll(ExtensionContext context) {
        before = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(Level.PARANOID);
        ByteBufUtil.setLeakListener((type, records) -> found.add(type + records));
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        List<String> all = found();
        ByteBufUtil.setLeakListener(null);
        ResourceLeakDetector.setLevel(before);
        assertThat(all).as("leaks").isEmpty();
    }

    /** What was dropped until now. */
    public List<String> found() throws InterruptedException {
        for (int round = 0; round < 3; round++) {
            ReferenceQueue<Object> cleared = new ReferenceQueue<>();
            WeakReference<Object> dropped = new WeakReference<>(new Object(), cleared);
            System.gc();
            assertThat(cleared.remove(30_000)).as("collected").isSameAs(dropped);
            ByteBufAllocator.DEFAULT.buffer(1).release();
        }
        return found;
    }
}
