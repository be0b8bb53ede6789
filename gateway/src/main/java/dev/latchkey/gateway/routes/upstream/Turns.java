package dev.latchkey.gateway.routes.upstream;

import dev.latchkey.gateway.routes.upstream.Targets.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** The backends of a route as they are at one time, and which of them is next. */
final class Turns {

    /** One more than the highest of RFC 2782: which were tried or failed counts more than any priority. */
    private static final int PRIORITIES = 65_536;

    private final List<Target> all;
    private final List<Destination> places;
    private final boolean isEven;

    /** @param places of the targets, in their order; none: all are alike */
    Turns(List<Target> all, List<Destination> places) {
        this.all = List.copyOf(all);
        this.places = List.copyOf(places);
        this.isEven = places.stream()
                .allMatch(place -> place.priority() == places.get(0).priority()
                        && place.weight() == places.get(0).weight());
    }

    List<Target> all() {
        return all;
    }

    Optional<Target> next(int turn, Set<Target> tried) {
        if (all.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(isEven ? inTurn(turn, tried) : weighted(tried));
    }

    private Target inTurn(int turn, Set<Target> tried) {
        Target first = all.get(Math.floorMod(turn, all.size()));
        int least = reluctance(first, tried);
        return least == 0 ? first : instead(first, least, Math.floorDiv(turn, all.size()), tried);
    }

    /** The turns of one that is worse than others are shared by these: its neighbour alone would have twice as many. */
    private Target instead(Target first, int reluctanceOfFirst, int turn, Set<Target> tried) {
        List<Target> best = new ArrayList<>(all.size());
        int least = reluctanceOfFirst;
        for (Target other : all) {
            int reluctance = reluctance(other, tried);
            if (reluctance < least) {
                best.clear();
                least = reluctance;
            }
            if (reluctance == least) {
                best.add(other);
            }
        }
        return least == reluctanceOfFirst ? first : best.get(Math.floorMod(turn, best.size()));
    }

    /** At random in proportion to the weights, among those that are best otherwise. */
    private Target weighted(Set<Target> tried) {
        Target chosen = all.get(0);
        int least = Integer.MAX_VALUE;
        double weights = 0;
        for (int at = 0; at < all.size(); at++) {
            Destination place = places.get(at);
            int reluctance = reluctance(all.get(at), tried) * PRIORITIES + place.priority();
            if (reluctance < least) {
                least = reluctance;
                weights = 0;
            }
            if (reluctance == least) {
                weights += place.weight();
                if (ThreadLocalRandom.current().nextDouble() * weights < place.weight()) {
                    chosen = all.get(at);
                }
            }
        }
        return chosen;
    }

    private static int reluctance(Target target, Set<Target> tried) {
        return (target.isOut() ? 2 : 0) + (tried.contains(target) ? 1 : 0);
    }
}
