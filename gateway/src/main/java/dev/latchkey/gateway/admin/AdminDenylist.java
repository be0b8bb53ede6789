package dev.latchkey.gateway.admin;

import dev.latchkey.gateway.denylist.LocalDenylistReport;
import dev.latchkey.gateway.denylist.LocalDenylistReport.Mark;
import dev.latchkey.gateway.denylist.LocalDenylistReport.Page;
import dev.latchkey.gateway.problem.Result;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Operators page through this node's copy of the denylist, by which it decides; Redis is not asked. */
@Component
public final class AdminDenylist {

    /** How many entries a page has at most. */
    public static final int LARGEST_PAGE = 500;

    private final LocalDenylistReport local;
    private final InstantSource clock;
    private final AdminRecord log;

    AdminDenylist(LocalDenylistReport local, InstantSource clock, AdminRecord log) {
        this.local = local;
        this.clock = clock;
        this.log = log;
    }

    /**
     * A page of the copy, and how far it can be relied on.
     *
     * @param isFresh whether the copy answers alone; else each request reads Redis
     * @param age how long ago it was last known to be complete
     */
    public record LocalPage(Page page, boolean isFresh, Duration age) {}

    /**
     * The entries behind the mark. Never fails.
     *
     * @param limit 1 to {@value #LARGEST_PAGE}
     */
    public Mono<Result<LocalPage>> page(Actor actor, Mark after, int limit) {
        Mono<LocalPage> page = Mono.fromCallable(() -> new LocalPage(
                        local.page(after, Math.min(LARGEST_PAGE, Math.max(1, limit)), clock.instant()),
                        local.isFresh(),
                        local.age()))
                .subscribeOn(Schedulers.boundedElastic());
        return log.of(
                actor,
                AdminAction.SHOW_DENYLIST,
                read -> Optional.empty(),
                read -> Optional.empty(),
                AdminRecord.done(page));
    }
}
