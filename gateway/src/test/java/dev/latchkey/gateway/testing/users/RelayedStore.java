package dev.latchkey.gateway.testing.users;

import java.util.List;

/** A store in this process, whose trouble is that of the way to it. */
interface RelayedStore extends StoreFixture {

    StoreRelay relay();

    @Override
    default void delete(List<String> names) {
        stop();
        names.forEach(this::delete);
        resume();
    }

    @Override
    default void stop() {
        relay().stop();
    }

    @Override
    default void resume() {
        relay().resume();
    }

    @Override
    default void kill() {
        relay().kill();
    }

    @Override
    default void restart() {
        relay().restart();
    }
}
