package dev.latchkey.gateway.keys;

import java.time.Instant;
import java.time.InstantSource;

final class MovableClock implements InstantSource {

    private Instant now;

    MovableClock(Instant now) {
        this.now = now;
    }

    void moveTo(Instant instant) {
        now = instant;
    }

    @Override
    public Instant instant() {
        return now;
    }
}
