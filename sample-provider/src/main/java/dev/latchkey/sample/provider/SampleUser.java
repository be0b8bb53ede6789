package dev.latchkey.sample.provider;

import java.util.List;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;

/** A user of this provider, whose password is their user name. */
record SampleUser(String userName, String fullName, List<String> roles) {

    static final List<SampleUser> ALL = List.of(
            new SampleUser("ada", "Ada Lovelace", List.of("customer")),
            new SampleUser("grace", "Grace Hopper", List.of("customer", "admin")));

    static SampleUser of(String userName) {
        return ALL.stream()
                .filter(user -> user.userName.equals(userName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no such user"));
    }

    UserDetails details() {
        return User.withUsername(userName)
                .password("{noop}" + userName)
                .roles(roles.toArray(String[]::new))
                .build();
    }
}
