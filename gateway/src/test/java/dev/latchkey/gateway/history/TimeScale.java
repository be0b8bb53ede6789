package dev.latchkey.gateway.history;

import dev.latchkey.gateway.testing.TestClock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The time that clients and gateways live by; milliseconds since the beginning. */
interface TimeScale {

    /** Never: for what has no bound. */
    long FOREVER = Long.MAX_VALUE;

    long now();

    /** How many true milliseconds to wait, at least, before it may be that time; 0 for none. */
    long before(long time);

    void reach(long time);

    /** How long a node may think, by this time, before the clock stands still for it. */
    long patience();

    /** A clock that stands still but for what {@link #reach} says: a slow machine only makes the story take longer. */
    static TimeScale ofStory(TestClock clock) {
        return new Story(clock);
    }

    static TimeScale ofLife() {
        return new Life();
    }

    /** Milliseconds by a clock that nobody can move. */
    static long trueTime() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** The story's time. */
    final class Story implements TimeScale {

        private final TestClock clock;
        private final long beginning;

        Story(TestClock clock) {
            this.clock = clock;
            this.beginning = clock.instant().toEpochMilli();
        }

        @Override
        public long now() {
            return clock.instant().toEpochMilli() - beginning;
        }

        @Override
        public long before(long time) {
            return 0;
        }

        @Override
        public void reach(long time) {
            clock.advance(Duration.ofMillis(Math.max(0, time - now())));
        }

        @Override
        public long patience() {
            return 300;
        }
    }

    /** The real time. */
    final class Life implements TimeScale {

        private final long beginning = trueTime();

        @Override
        public long now() {
            return trueTime() - beginning;
        }

        @Override
        public long before(long time) {
            return Math.max(0, time - now());
        }

        @Override
        public void reach(long time) {
            // It comes by itself.
        }

        @Override
        public long patience() {
            return FOREVER;
        }
    }
}
