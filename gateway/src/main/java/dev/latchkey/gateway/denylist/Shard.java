package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.token.SessionId;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/**
 * One of 256 parts of the sessions, computed from the session id. It is the hash tag of Redis Cluster: everything that
 * one script touches lies in one slot, and a shard's denylist can be read as a whole.
 *
 * @param number 0 to 255
 */
public record Shard(int number) {

    /** How many there are. */
    public static final int COUNT = 256;

    private static final HexFormat HEX = HexFormat.of();

    private static final List<Shard> ALL =
            IntStream.range(0, COUNT).mapToObj(Shard::new).toList();

    public Shard {
        if (number < 0 || number >= COUNT) {
            throw new IllegalArgumentException("shards are numbered from 0 to 255");
        }
    }

    /** The shard of a session. */
    public static Shard of(SessionId session) {
        CRC32 crc = new CRC32();
        for (int at = 0; at < SessionId.LENGTH; at++) {
            crc.update(session.characterAt(at));
        }
        return ALL.get((int) (crc.getValue() % COUNT));
    }

    /** The hash tag as it stands in a key, for example <code>{7f}</code>. */
    public String tag() {
        return "{" + HEX.toHexDigits((byte) number) + "}";
    }
}
