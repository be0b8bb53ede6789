package dev.latchkey.gateway.user;

import dev.latchkey.gateway.token.Subject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * In place of a users file, where all users come from OpenID Providers: it lists nobody, and no password is accepted.
 */
final class NoUserDirectory implements UserDirectory {

    private static final UserSnapshot NOBODY = new UserSnapshot("", Map.of(), Set.of(), false);

    @Override
    public boolean acceptsPasswords() {
        return false;
    }

    @Override
    public Mono<UserLookup> find(Subject subject) {
        return Mono.just(new UserLookup.Absent());
    }

    @Override
    public UserSnapshot snapshot() {
        return NOBODY;
    }

    @Override
    public void whenChanged(Function<UserSnapshot, Optional<String>> check) {
        // It never does.
    }

    @Override
    public void report(Optional<String> refusal) {
        // There is nothing to refuse.
    }

    @Override
    public Optional<Set<String>> roles() {
        return Optional.empty();
    }

    @Override
    public Mono<UserLookup> authenticate(String name, Password password) {
        return Mono.just(new UserLookup.Absent());
    }
}
