package dev.latchkey.gateway.device;

import dev.latchkey.gateway.crypto.Base64Url;
import dev.latchkey.gateway.keys.SealingKeys;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.TokenProperties;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * What browsers sign to prove their key: the minute and the generation of a session, and a code over both and the
 * session, which any node makes and knows again without storing anything. The rotation that a proof allows makes
 * another generation, and so uses its challenge up.
 */
@Component
public final class DeviceChallenges {

    /** So long after it began, a session can be bound. The script that binds it is given this, too. */
    public static final Duration REGISTRATION = Duration.ofMinutes(2);

    private static final String REGISTERS = "device registration";
    private static final String RENEWS = "device renewal";
    private static final String DEMANDS = "device proof";

    /** So long after it was demanded, a proof can be given. */
    private static final Duration DEMAND = Duration.ofMinutes(1);

    /** A challenge is sent ahead, for the time when the access token will end. */
    private static final Duration BEYOND_ACCESS = Duration.ofMinutes(5);

    /** By which the clocks of two nodes may differ. */
    private static final int MINUTES_AHEAD = 1;

    private static final int CODE_BYTES = 32;
    private static final int HEAD_BYTES = 2 * Integer.BYTES;
    private static final int BYTES = HEAD_BYTES + CODE_BYTES;

    private final SealingKeys keys;
    private final InstantSource clock;
    private final Duration life;

    DeviceChallenges(SealingKeys keys, TokenProperties tokens, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
        this.life = tokens.accessTtl().plus(BEYOND_ACCESS);
    }

    /** For a session that has just begun. */
    public String ofRegistration(SessionId session) {
        return challenge(REGISTERS, session, Generation.FIRST);
    }

    /** For the next rotation of a bound session of this generation. */
    public String ofRenewal(SessionId session, Generation current) {
        return challenge(RENEWS, session, current);
    }

    /** Not to be signed: says that a proof was demanded of a caller with an access token of this generation. */
    public String ofDemand(SessionId session, Generation current) {
        return challenge(DEMANDS, session, current);
    }

    private String challenge(String purpose, SessionId session, Generation generation) {
        int minute = minute(clock.instant());
        byte[] code = keys.code(purpose, message(session, minute, generation.number()));
        return Base64Url.encode(ByteBuffer.allocate(BYTES)
                .putInt(minute)
                .putInt(generation.number())
                .put(code)
                .array());
    }

    /** Whether the sign-in of this session made it, not long ago. */
    public boolean isOfRegistration(SessionId session, String challenge) {
        return generation(REGISTERS, session, challenge, REGISTRATION).isPresent();
    }

    /** The generation that a challenge was made for; empty if it was not made for this session, or has ended. */
    public Optional<Generation> renewed(SessionId session, String challenge) {
        return generation(RENEWS, session, challenge, life);
    }

    /** The generation of whose caller a proof was demanded just now; empty if that was not of this session. */
    public Optional<Generation> demanded(SessionId session, String demand) {
        return generation(DEMANDS, session, demand, DEMAND);
    }

    private Optional<Generation> generation(String purpose, SessionId session, String challenge, Duration life) {
        if (!Base64Url.isWellFormed(challenge, BYTES)) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(challenge));
        int minute = bytes.getInt();
        int generation = bytes.getInt();
        byte[] code = new byte[CODE_BYTES];
        bytes.get(code);
        long age = (long) minute(clock.instant()) - minute;
        return age >= -MINUTES_AHEAD
                        && age <= life.toMinutes() + 1
                        && generation > 0
                        && keys.isCode(purpose, message(session, minute, generation), code)
                ? Optional.of(new Generation(generation))
                : Optional.empty();
    }

    private static int minute(Instant now) {
        return Math.toIntExact(now.getEpochSecond() / 60);
    }

    private static byte[] message(SessionId session, int minute, int generation) {
        return ByteBuffer.allocate(2 * Long.BYTES + HEAD_BYTES)
                .putLong(session.high())
                .putLong(session.low())
                .putInt(minute)
                .putInt(generation)
                .array();
    }
}
