package dev.latchkey.gateway.history;

import java.util.List;

/**
 * All that was seen.
 *
 * @param alarms what must not be there where all are honest
 */
record History(List<Exchange> exchanges, List<Nemesis> nemeses, List<Alarm> alarms) {

    History {
        exchanges = List.copyOf(exchanges);
        nemeses = List.copyOf(nemeses);
        alarms = List.copyOf(alarms);
    }
}
