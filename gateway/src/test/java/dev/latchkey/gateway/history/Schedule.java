package dev.latchkey.gateway.history;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What is to be done when, all by one thread; what comes in from others waits until that thread looks. */
final class Schedule {

    /** Longer than any time limit of a node; a node that needs more has lost the request. */
    private static final long LIMIT = 120_000;

    private final TimeScale timeScale;
    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparingLong(Entry::time).thenComparingLong(Entry::number));
    private final BlockingQueue<Runnable> mailbox = new LinkedBlockingQueue<>();
    private final Map<Integer, Long> thinking = new HashMap<>();
    private long count;

    Schedule(TimeScale timeScale) {
        this.timeScale = timeScale;
    }

    long now() {
        return timeScale.now();
    }

    void at(long time, Runnable task) {
        at(time, 0, task);
    }

    /** @param notBefore a true time before which it is not done, whatever the story's clock says */
    void at(long time, long notBefore, Runnable task) {
        entries.add(new Entry(time, count++, notBefore, task));
    }

    /** From any thread. */
    void post(Runnable message) {
        mailbox.add(message);
    }

    /** A node works on this request from now on. */
    void thinks(int request) {
        thinking.put(request, timeScale.now());
    }

    /** It no longer does. */
    void rests(int request) {
        thinking.remove(request);
    }

    /** Until that holds, or there is nothing left to do or to wait for. */
    void run(BooleanSupplier done) {
        while (!done.getAsBoolean() && !(entries.isEmpty() && thinking.isEmpty() && mailbox.isEmpty())) {
            Runnable message = mailbox.poll();
            if (message != null) {
                message.run();
            } else {
                next();
            }
        }
    }

    private void next() {
        Entry entry = entries.peek();
        long time = entry == null ? TimeScale.FOREVER : entry.time;
        if (isThinkingTooLong(time)) {
            await(LIMIT, true);
            return;
        }
        long wait = Math.max(timeScale.before(time), entry.notBefore - TimeScale.trueTime());
        if (wait > 0) {
            await(wait, false);
            return;
        }
        entries.remove();
        timeScale.reach(time);
        entry.task.run();
    }

    private boolean isThinkingTooLong(long time) {
        if (thinking.isEmpty()) {
            return false;
        }
        long patience = timeScale.patience();
        long oldest =
                thinking.values().stream().mapToLong(Long::longValue).min().orElseThrow();
        return time == TimeScale.FOREVER || (patience != TimeScale.FOREVER && oldest + patience < time);
    }

    private void await(long millis, boolean must) {
        try {
            Runnable message = mailbox.poll(millis, TimeUnit.MILLISECONDS);
            if (message != null) {
                message.run();
            } else if (must) {
                throw new AssertionError("a node answers neither yes nor no: requests " + thinking.keySet());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }

    private record Entry(long time, long number, long notBefore, Runnable task) {}
}
