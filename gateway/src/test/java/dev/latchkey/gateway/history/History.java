package dev.latchkey.gateway.history;

import java.util.List;

/**
 * All that was seen.
 *
 * @param alarms names of the audit events that take somebody for a thief
 */
record History(List<Exchange> exchanges, List<Disturbance> disturbances, List<String> alarms) {

    History {
        exchanges = List.copyOf(exchanges);
        disturbances = List.copyOf(disturbances);
        alarms = List.copyOf(alarms);
    }
}
