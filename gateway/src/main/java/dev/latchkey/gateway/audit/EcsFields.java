package dev.latchkey.gateway.audit;

import dev.latchkey.gateway.audit.AuditEvent.Fact;
import io.netty.util.NetUtil;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An event by the fields of the Elastic Common Schema (ECS 8), in which logs of many systems can be searched alike;
 * what has no field there stands below {@code latchkey}. Names have dots, of which structured logging makes objects.
 */
final class EcsFields {

    private static final String OUTCOME = "event.outcome";
    private static final String REASON = "event.reason";
    private static final String SUCCESS = "success";
    private static final String FAILURE = "failure";

    /** By the names of facts. */
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("subject", "user.name"),
            Map.entry("address", "source.ip"),
            Map.entry("reason", REASON),
            Map.entry("session", "latchkey.session.id"),
            Map.entry("provider", "latchkey.provider"),
            Map.entry("generation", "latchkey.generation"),
            Map.entry("route", "latchkey.route"),
            Map.entry("roles", "latchkey.roles.withdrawn"),
            Map.entry("before", "latchkey.routes.before"),
            Map.entry("after", "latchkey.routes.after"),
            Map.entry("actor", "user.name"),
            Map.entry("action", "latchkey.admin.action"));

    private EcsFields() {}

    /** The fields of an event, in the order in which they are written. */
    static Map<String, Object> of(AuditEvent event) {
        AuditEventType type = event.type();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("event.action", event.name());
        fields.put("event.category", List.of(type.category()));
        fields.put("event.type", List.of(type.ecsType()));
        fields.put(OUTCOME, type.outcome());
        boolean isByOperator =
                event.facts().stream().anyMatch(fact -> fact.name().equals("actor"));
        event.facts().forEach(fact -> put(fields, fact, isByOperator));
        return fields;
    }

    /** Of what an operator does, the user is the operator, and the one whom it concerns is the target. */
    private static void put(Map<String, Object> fields, Fact fact, boolean isByOperator) {
        if (fact.name().equals("outcome")) {
            fields.put(OUTCOME, outcome(fact.value()));
            if (!fact.value().equals(SUCCESS)) {
                fields.put(REASON, fact.value());
            }
        } else if (fact.name().equals("count")) {
            fields.put("latchkey.count", Long.valueOf(fact.value()));
        } else if (fact.name().equals("address") && !isIpAddress(fact.value())) {
            fields.put("source.address", fact.value());
        } else if (isByOperator && fact.name().equals("subject")) {
            fields.put("user.target.name", fact.value());
        } else {
            fields.put(Objects.requireNonNull(NAMES.get(fact.name()), "a fact that has no field"), fact.value());
        }
    }

    private static String outcome(String word) {
        return switch (word) {
            case SUCCESS -> SUCCESS;
            case "cancelled" -> "unknown";
            default -> FAILURE;
        };
    }

    /** An index refuses anything else in a field of addresses, such as the word for a connection without one. */
    private static boolean isIpAddress(String address) {
        return NetUtil.isValidIpV4Address(address) || NetUtil.isValidIpV6Address(address);
    }
}
