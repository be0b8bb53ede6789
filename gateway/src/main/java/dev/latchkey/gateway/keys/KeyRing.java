package dev.latchkey.gateway.keys;

/** Holds the key sets in force, so that a token is read with the old ones or the new ones and never with a mixture. */
final class KeyRing {

    private volatile KeySets current;

    KeyRing(KeySets first) {
        current = first;
    }

    KeySets current() {
        return current;
    }

    void swap(KeySets next) {
        current = next;
    }
}
