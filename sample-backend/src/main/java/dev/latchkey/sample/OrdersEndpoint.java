package dev.latchkey.sample;

import java.util.List;
import java.util.Objects;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A few orders: one's own for every user, all of them for an admin. */
@RestController
final class OrdersEndpoint {

    private static final List<Item> ITEMS =
            List.of(new Item(1, "door handle", 2), new Item(2, "latch", 1), new Item(3, "brass key", 4));

    @GetMapping("/orders")
    List<Order> own(@AuthenticationPrincipal Jwt token) {
        return of(Objects.requireNonNull(token.getSubject(), "an identity token has a subject"));
    }

    @GetMapping("/orders/all")
    List<Order> all() {
        return of("everybody");
    }

    private static List<Order> of(String customer) {
        return ITEMS.stream()
                .map(item -> new Order(item.id(), item.name(), item.quantity(), customer))
                .toList();
    }

    private record Item(int id, String name, int quantity) {}

    /** One line of the list. */
    record Order(int id, String item, int quantity, String customer) {}
}
