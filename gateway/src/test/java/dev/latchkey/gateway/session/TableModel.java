package dev.latchkey.gateway.session;

import static dev.latchkey.gateway.session.ScriptRig.ACCESS;
import static dev.latchkey.gateway.session.ScriptRig.GRACE;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The protocol's table once more, as plainly as the page says it and without any packing; forgets no generation. */
final class TableModel {

    private static final class Times {
        private long minted;
        private long forked;

        @Nullable
        private Long used;

        @Nullable
        private String branch;

        Times(long now) {
            minted = now;
            forked = now;
        }
    }

    private record Denial(int below, long from) {}

    private final Map<Integer, Times> times = new HashMap<>();
    private final List<Denial> denials = new ArrayList<>();
    private int newest = 1;
    private int newestReplay;
    private long replayedSince;
    private int spent;
    private boolean revoked;

    TableModel(long now) {
        times.put(1, new Times(now));
    }

    int newest() {
        return newest;
    }

    boolean isRevoked() {
        return revoked;
    }

    String rotate(int p, String b, long now) {
        return rotate(p, b, now, false);
    }

    /** As a node of the version before decides, for which each newer replay begins the time anew. */
    String rotateBefore(int p, String b, long now) {
        return rotate(p, b, now, true);
    }

    private String rotate(int p, String b, long now, boolean isBefore) {
        if (revoked) {
            return "REVOKED";
        }
        if (p > newest) {
            return recover(p, now);
        }
        Times current = of(newest);
        if (p == newest) {
            current.used = current.used == null ? Long.valueOf(now) : current.used;
            return now - current.forked < GRACE ? replayWithAccess("REPLAYED", now) : step(current, b, now);
        }
        if (p == newest - 1 && isOfItsBranch(p, b) && isForgiven(current, now)) {
            current.minted = now;
            current.forked = now;
            return "REPLAYED+both of " + newest;
        }
        return isBefore ? oldBefore(p, now) : old(p, now);
    }

    private String recover(int p, long now) {
        for (int k = newest + 1; k <= p; k++) {
            times.put(k, new Times(now));
        }
        newest = p;
        of(p).used = now;
        return replayWithAccess("RECOVERED", now);
    }

    private String replayWithAccess(String row, long now) {
        of(newest).minted = now;
        return row + "+access of " + newest;
    }

    private String step(Times current, String b, long now) {
        current.branch = b;
        if (current.minted + ACCESS > now) {
            denials.add(new Denial(newest, now));
            denials.add(new Denial(newest + 1, now + GRACE));
        }
        newest++;
        times.put(newest, new Times(now));
        return "ROTATED+both of " + newest;
    }

    private boolean isOfItsBranch(int p, String b) {
        String known = of(p).branch;
        return known == null || known.equals(b);
    }

    private static boolean isForgiven(Times current, long now) {
        Long used = current.used;
        return used == null || now - used < GRACE;
    }

    private String old(int p, long now) {
        boolean isRipe = now - replayedSince >= 2 * GRACE;
        int counted = isRipe ? newestReplay : spent;
        if (p <= counted) {
            return reuse(now);
        }
        if (p > newestReplay) {
            newestReplay = p;
            spent = counted;
            replayedSince = isRipe ? now : replayedSince;
        }
        return "STALE";
    }

    private String oldBefore(int p, long now) {
        if (p > newestReplay) {
            newestReplay = p;
            replayedSince = now;
            return "STALE";
        }
        return now - replayedSince < 2 * GRACE ? "STALE" : reuse(now);
    }

    private String reuse(long now) {
        revoked = true;
        denials.add(new Denial(Integer.MAX_VALUE, now));
        return "REUSED";
    }

    void confirm(int generation, long now) {
        if (!revoked && generation <= newest && generation > newest - 4 && of(generation).used == null) {
            of(generation).used = now;
        }
    }

    boolean commit(int generation, boolean withRefresh, long now) {
        if (revoked || generation != newest) {
            return false;
        }
        Times current = of(newest);
        if (withRefresh && !isForgiven(current, now)) {
            return false;
        }
        if (withRefresh) {
            current.minted = now;
            current.forked = now;
        }
        return true;
    }

    boolean denies(int generation, long now) {
        return denials.stream().anyMatch(denial -> now >= denial.from && generation < denial.below);
    }

    private Times of(int generation) {
        return times.computeIfAbsent(generation, Times::new);
    }
}
