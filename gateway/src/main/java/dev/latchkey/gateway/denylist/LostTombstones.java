package dev.latchkey.gateway.denylist;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a shard that had ended when a node found that Redis had lost tombstones. They are refused, whatever
 * their records say, if they began before then.
 *
 * @param version of what Redis keeps of it; 0 where it keeps nothing yet
 * @param found when the last loss was found; the epoch where there was none
 * @param days by the day on which they expire
 */
record LostTombstones(long version, Instant found, Map<Long, Fingerprints> days) {

    static final LostTombstones NONE = new LostTombstones(0, Instant.EPOCH, Map.of());

    private static final String VERSION = "version";
    private static final String FOUND = "found";
    private static final Pattern DAY = Pattern.compile("\\d{1,7}");

    LostTombstones {
        days = Map.copyOf(days);
    }

    /** Reads what Redis keeps, without the fields that cannot be read. */
    static LostTombstones parse(Map<String, String> fields) {
        Map<Long, Fingerprints> days = new HashMap<>();
        fields.forEach((field, value) -> {
            if (DAY.matcher(field).matches()) {
                Fingerprints.parse(value).ifPresent(members -> days.put(Long.valueOf(field), members));
            }
        });
        return new LostTombstones(number(fields.get(VERSION)), Instant.ofEpochMilli(number(fields.get(FOUND))), days);
    }

    /** How many days cannot be read; other fields may be of a later version. */
    static int unreadable(Map<String, String> fields) {
        return (int) fields.entrySet().stream()
                .filter(field -> DAY.matcher(field.getKey()).matches())
                .filter(field -> Fingerprints.parse(field.getValue()).isEmpty())
                .count();
    }

    /** 0 if the text is not a number. */
    static long number(@Nullable String text) {
        return text != null && text.matches("\\d{1,15}") ? Long.parseLong(text) : 0;
    }

    /** The fields of another that holds all of this one, as far as it holds more. */
    Map<String, String> changed(LostTombstones other) {
        Map<String, String> fields = new TreeMap<>();
        other.days.forEach((day, members) -> {
            if (members.size() > days.getOrDefault(day, Fingerprints.NONE).size()) {
                fields.put(day.toString(), members.text());
            }
        });
        return fields;
    }

    /** Both in one, with this one's version. */
    LostTombstones with(Instant alsoFound, Map<Long, Fingerprints> more) {
        Map<Long, Fingerprints> all = new HashMap<>(days);
        more.forEach((day, members) -> all.merge(day, members, Fingerprints::with));
        return new LostTombstones(version, found.isAfter(alsoFound) ? found : alsoFound, all);
    }

    /** How long it must be kept from now on: days are kept whole, and one more. */
    Duration lifeFrom(Instant now) {
        long lastDay = days.keySet().stream().mapToLong(day -> day).max().orElse(0);
        return Duration.between(now, Instant.EPOCH.plus(Duration.ofDays(lastDay + 2)));
    }

    LostTombstones at(long newVersion) {
        return new LostTombstones(newVersion, found, days);
    }
}
