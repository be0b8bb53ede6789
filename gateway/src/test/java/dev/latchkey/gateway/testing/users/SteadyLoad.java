package dev.latchkey.gateway.testing.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.testing.Browser;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** People who go on asking at the same time, each with one request after the other, whatever they are answered. */
public final class SteadyLoad implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(200);
    /** Between two requests of one of them: what they ask of the machine is not the point. */
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

    private final List<Person> people;
    private final Set<Integer> answers = ConcurrentHashMap.newKeySet();
    private volatile boolean isOver;

    public SteadyLoad(List<Browser> browsers, String path) {
        people = browsers.stream().map(browser -> new Person(browser, path)).toList();
        people.forEach(Thread::start);
    }

    /** Until each of them has this answer. */
    public void awaitEach(int status) {
        awaitEach(status, () -> {});
    }

    /**
     * The same.
     *
     * @param otherwise what is done again and again while somebody has another
     */
    public void awaitEach(int status, Runnable otherwise) {
        people.forEach(person -> person.last = 0);
        await().pollInterval(POLL).atMost(LIMIT).until(() -> {
            boolean isEach = people.stream().allMatch(person -> person.last == status);
            if (!isEach && people.stream().noneMatch(person -> person.last == 0)) {
                otherwise.run();
            }
            return isEach;
        });
    }

    /** All answers that any of them had. */
    public Set<Integer> answers() {
        return Set.copyOf(answers);
    }

    @Override
    public void close() {
        isOver = true;
        people.forEach(SteadyLoad::join);
    }

    private static void join(Person person) {
        try {
            person.join(LIMIT.toMillis());
            assertThat(person.isAlive()).isFalse();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Person extends Thread {

        private final Browser browser;
        private final String path;
        private volatile int last;

        private Person(Browser browser, String path) {
            super("steady-load");
            this.browser = browser;
            this.path = path;
        }

        @Override
        public void run() {
            while (!isOver) {
                last = browser.get(path).statusCode();
                answers.add(last);
                LockSupport.parkNanos(PAUSE);
            }
        }
    }
}
