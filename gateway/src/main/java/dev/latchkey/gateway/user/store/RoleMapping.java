package dev.latchkey.gateway.user.store;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which roles here the groups or roles of a store stand for.
 *
 * @param roles the role here by the name there; if it is empty, all count by their own names
 */
public record RoleMapping(Map<String, String> roles) {

    /** The roles; a name that stands for none is left out. */
    public List<String> apply(Collection<String> names) {
        return roles.isEmpty()
                ? List.copyOf(names)
                : names.stream()
                        .map(name -> Optional.ofNullable(roles.get(name)))
                        .flatMap(Optional::stream)
                        .toList();
    }
}
