package dev.latchkey.gateway.user;

import dev.latchkey.gateway.token.Subject;
import reactor.core.publisher.Mono;

/** Where all users come from OpenID Providers: it knows nobody, and no password is accepted. */
final class NoUserDirectory implements UserDirectory {

    @Override
    public boolean acceptsPasswords() {
        return false;
    }

    @Override
    public Mono<UserLookup> find(Subject subject) {
        return Mono.just(new UserLookup.Absent());
    }

    @Override
    public Mono<UserLookup> authenticate(String name, Password password) {
        return Mono.just(new UserLookup.Absent());
    }
}
