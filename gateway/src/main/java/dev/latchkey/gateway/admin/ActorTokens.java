package dev.latchkey.gateway.admin;

import dev.latchkey.gateway.crypto.Sha256;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/** The tokens of operators, by their hashes: the file that they come from lets nobody in. */
final class ActorTokens {

    /** What a person makes up is shorter, and could be guessed. */
    static final int SHORTEST = 32;

    private static final int LONGEST = 200;

    private final List<Entry> entries;

    ActorTokens(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /** @param sha256 of the token, 32 bytes; not copied, so not to be written to */
    @SuppressWarnings("ArrayRecordComponent") // compared in constant time only
    record Entry(Actor actor, byte[] sha256) {}

    /** Whose token it is. Compares with all of them, each in constant time, so that the time says nothing. */
    Optional<Actor> find(String token) {
        if (token.length() < SHORTEST || token.length() > LONGEST) {
            return Optional.empty();
        }
        byte[] hash = Sha256.of(token);
        Optional<Actor> found = Optional.empty();
        for (Entry entry : entries) {
            found = MessageDigest.isEqual(hash, entry.sha256) ? Optional.of(entry.actor) : found;
        }
        return found;
    }

    /** Whether a token of this hash is one of them. */
    boolean knows(byte[] sha256) {
        return entries.stream().anyMatch(entry -> MessageDigest.isEqual(sha256, entry.sha256));
    }

    int size() {
        return entries.size();
    }
}
