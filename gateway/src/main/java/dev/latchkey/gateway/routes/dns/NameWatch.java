package dev.latchkey.gateway.routes.dns;

import dev.latchkey.gateway.logging.ThrottledLog;
import dev.latchkey.gateway.pipeline.backend.BackendsProperties.Dns;
import dev.latchkey.gateway.routes.dns.NameAnswer.Failed;
import dev.latchkey.gateway.routes.dns.NameAnswer.Found;
import dev.latchkey.gateway.routes.dns.NameAnswer.Missing;
import dev.latchkey.gateway.routes.upstream.Destination;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One name, looked up for as long as a route says so. What is known of it stays while it cannot be looked up, and for a
 * while if name servers say that there is nothing. Only for its event loop.
 */
final class NameWatch {

    private static final Logger LOGGER = LoggerFactory.getLogger(NameWatch.class);
    private static final Duration QUIET = Duration.ofMinutes(1);

    /** Whole look-ups that take longer have failed; what they find later is not used. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final String name;
    private final NameQuery query;
    private final EventLoop loop;
    private final Dns limits;
    private final Report report;
    private final ThrottledLog changes = new ThrottledLog(LOGGER, Level.INFO, QUIET, System::nanoTime);
    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private Set<Follower> followers = Set.of();
    private volatile List<Destination> destinations = List.of();
    private @Nullable NameAnswer last;
    private @Nullable ScheduledFuture<?> timer;
    private boolean isMissing;
    private long missingSince;
    private int failures;
    private int attempt;
    private boolean isStopped;

    NameWatch(String name, NameQuery query, EventLoop loop, Dns limits, Report report) {
        this.name = name;
        this.query = query;
        this.loop = loop;
        this.limits = limits;
        this.report = report;
    }

    /** Ends when the name was looked up once, whatever came of it. */
    CompletableFuture<Void> first() {
        return first;
    }

    /** How many addresses are known; for any thread. */
    int count() {
        return destinations.size();
    }

    /** Who is told; replaces those before. */
    void tell(Set<Follower> routes) {
        followers = Set.copyOf(routes);
        publish();
    }

    Set<Follower> followers() {
        return followers;
    }

    void stop() {
        isStopped = true;
        first.complete(null);
        if (timer != null) {
            timer.cancel(false);
        }
    }

    void send() {
        attempt++;
        int number = attempt;
        after(LIMIT, () -> received(number, new Failed("name servers do not answer in time")));
        query.send(answer -> received(number, answer));
    }

    private void after(Duration time, Runnable task) {
        if (timer != null) {
            timer.cancel(false);
        }
        timer = loop.schedule(task, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void received(int number, NameAnswer answer) {
        if (number != attempt || isStopped) {
            return;
        }
        attempt++;
        report.count(answer);
        NameAnswer before = last;
        last = answer;
        Duration pause;
        if (answer instanceof Found found) {
            failures = 0;
            isMissing = false;
            pause = within(found.ttl());
            change(found.destinations());
        } else {
            pause = within(limits.minTtl().multipliedBy(1L << Math.min(failures, 10)));
            failures++;
            pause = answer instanceof Missing ? missing(pause) : pause;
        }
        log(before, answer);
        first.complete(null);
        after(pause.plusNanos(ThreadLocalRandom.current().nextLong(pause.toNanos() / 10 + 1)), this::send);
    }

    private Duration within(Duration pause) {
        if (pause.compareTo(limits.minTtl()) < 0) {
            return limits.minTtl();
        }
        return pause.compareTo(limits.maxTtl()) > 0 ? limits.maxTtl() : pause;
    }

    /** That it cannot be looked up in between does not begin the time again. */
    private Duration missing(Duration pause) {
        if (destinations.isEmpty()) {
            return pause;
        }
        long now = loop.ticker().nanoTime();
        if (!isMissing) {
            isMissing = true;
            missingSince = now;
        }
        Duration left = limits.keepMissing().minusNanos(now - missingSince);
        if (left.isNegative() || left.isZero()) {
            LOGGER.warn("{} has had no addresses for {}: its requests are refused", name, limits.keepMissing());
            change(List.of());
            return pause;
        }
        return left.compareTo(pause) < 0 ? left : pause;
    }

    private void change(List<Destination> found) {
        if (!found.equals(destinations)) {
            destinations = found;
            publish();
            changes.write("The addresses of a backend have changed", name + ", " + found.size() + " now");
        }
    }

    private void publish() {
        followers.forEach(route -> route.targets().replace(destinations).forEach(gone -> report.retire(gone, route)));
        report.changed();
    }

    private void log(@Nullable NameAnswer before, NameAnswer answer) {
        boolean isSame = before != null && before.getClass().equals(answer.getClass());
        if (answer instanceof Found found) {
            if (before != null && !isSame) {
                LOGGER.info(
                        "{} was found again, addresses: {}",
                        name,
                        found.destinations().size());
            }
        } else if (!isSame) {
            String why = answer instanceof Failed failed ? failed.reason() : "name servers say that it has none";
            LOGGER.warn("The addresses of {} are not known: {}; kept: {}", name, why, destinations.size());
        }
    }
}
