package dev.latchkey.gateway.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;

/** The code of an error that Redis answered, as OOM, NOAUTH or LOADING; what follows it could hold what was sent. */
public final class RedisError {

    /** Of a server that is no master, or no longer. */
    private static final Set<String> OF_REPLICA = Set.of("READONLY", "MASTERDOWN");

    /** What an error begins with and, where a script met it, as Redis before 7 wraps it. */
    private static final Pattern CODE = Pattern.compile("^(?:ERR Error running script .*?: -)?([A-Z]{2,20}) ");

    private RedisError() {}

    /** Empty where the failure is no answer of Redis, such as a time-out. */
    static Optional<String> codeOf(Throwable failure) {
        Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
        if (!(root instanceof RedisCommandExecutionException)) {
            return Optional.empty();
        }
        Matcher code = CODE.matcher(String.valueOf(root.getMessage()));
        return code.find() ? Optional.of(code.group(1)) : Optional.empty();
    }

    /** Whether the server that answered takes no writes because another one is the master. */
    static boolean isOfReplica(Throwable failure) {
        return codeOf(failure).filter(OF_REPLICA::contains).isPresent();
    }

    /** Of the user, by its rights, or of everybody, as managed services do; not of a server that is starting up. */
    static boolean isRefusal(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return failure instanceof RedisCommandExecutionException
                && (message.startsWith("NOPERM") || message.startsWith("ERR unknown command"));
    }

    /** Whether a call failed because of Redis or the way to it, and not by a fault of ours. */
    public static boolean isOfRedis(Throwable failure) {
        return failure instanceof RedisException
                || failure instanceof DataAccessException
                || failure instanceof TimeoutException;
    }
}
