package dev.latchkey.gateway.redis;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** The silence of each master by its name: one that says nothing holds back no call to another. */
final class Silences {

    private final LongSupplier nanos;

    /** As many as there are masters. */
    private final Map<String, Silence> silences = new ConcurrentHashMap<>();

    Silences(LongSupplier nanos) {
        this.nanos = nanos;
    }

    Silence of(String master) {
        Silence known = silences.get(master);
        return known == null ? silences.computeIfAbsent(master, name -> new Silence(nanos)) : known;
    }

    /** These are the masters there are; what others had is forgotten. */
    void keep(Collection<String> masters) {
        silences.keySet().retainAll(masters);
    }
}
