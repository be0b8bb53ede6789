package dev.latchkey.gateway.management;

import dev.latchkey.gateway.routes.check.KnownRoles;
import dev.latchkey.gateway.user.UserDirectory;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Tells the routes which roles the users have; the two rooms do not know each other. */
@Component
final class UserRoles implements KnownRoles {

    private final UserDirectory users;

    UserRoles(UserDirectory users) {
        this.users = users;
    }

    @Override
    public Optional<Set<String>> names() {
        return users.roles();
    }
}
