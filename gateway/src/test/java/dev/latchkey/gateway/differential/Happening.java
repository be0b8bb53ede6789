package dev.latchkey.gateway.differential;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What happens once in each round. */
enum Happening {
    ROLES("root's roles change", false),
    ROUTES("the routes change", false),
    KEYS("the keys are changed", false),
    STALE("Redis stands still, and the denylist is stale", false),
    EVERYWHERE("a user signs out everywhere", false),
    ADDRESSES("a backend's addresses change", true),
    CIRCUIT("a circuit opens", true),
    EJECTION("an address of a backend is ejected", true),
    PROOF("a client proves that it holds a key", true),
    RELAYED("a provider's token is relayed", true),
    LAPSED("a provider's token has ended", true),
    SIGN_OUT_WITHIN("signed out within a body", true),
    SIGN_OUT_OF_STREAM("signed out within a stream of events", true),
    SIGN_OUT_OF_SOCKET("signed out within a WebSocket", true),
    ROLES_WITHIN("roles changed within a body", true),
    ROUTES_WITHIN("routes changed within a body", true),
    KEYS_WITHIN("keys changed within a body", true);

    /** Conversations from one to the next, so that what lasts is over by then. */
    private static final int APART = 5;

    private static final int PLAN = -1_000;

    private final String text;
    private final boolean isWithin;

    Happening(String text, boolean isWithin) {
        this.text = text;
        this.isWithin = isWithin;
    }

    /** Whether it happens in a conversation, and not before one. */
    boolean isWithin() {
        return isWithin;
    }

    /** By the number of a conversation, of so many in the round of this seed. */
    static Map<Integer, Happening> plan(long seed, int conversations) {
        Choice choice = new Choice(seed, PLAN);
        List<Integer> places = new ArrayList<>();
        for (int place = 0; place + APART <= conversations; place += APART) {
            places.add(place + choice.below(2));
        }
        Map<Integer, Happening> plan = new HashMap<>();
        for (Happening each : values()) {
            plan.put(places.remove(choice.below(places.size())), each);
        }
        return plan;
    }

    @Override
    public String toString() {
        return text;
    }
}
