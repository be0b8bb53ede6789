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

/** The code of an error that Redis answered, such as OOM, NOAUTH or LOADING; the rest could hold what was sent. */
public final class RedisError {

    /** Answers of a server that is not a master, or not any more. */
    private static final Set<String> OF_REPLICA = Set.of("READONLY", "MASTERDOWN");

    /** The start of an error, also of one in a script, which Redis before 7 wraps. */
    private static final Pattern CODE = Pattern.compile("^(?:ERR Error running script .*?: -)?([A-Z]{2,20}) ");

    private RedisError() {}

    /** Empty if the failure is not an answer of Redis, such as a timeout. */
    static Optional<String> codeOf(Throwable failure) {
        Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
        if (!(root instanceof RedisCommandExecutionException)) {
            return Optional.empty();
        }
        Matcher code = CODE.matcher(String.valueOf(root.getMessage()));
        return code.find() ? Optional.of(code.group(1)) : Optional.empty();
    }

    /** Whether the server rejects writes because another one is the master. */
    static boolean isOfReplica(Throwable failure) {
        return codeOf(failure).filter(OF_REPLICA::contains).isPresent();
    }

    /** Whether nothing was done because keys of one call are on their way to another master of the cluster. */
    static boolean isOfMovingSlot(Throwable failure) {
        return codeOf(failure).filter("TRYAGAIN"::equals).isPresent();
    }

    /** Whether this user, or any user of a managed service, may not run the command. */
    static boolean isRefusal(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return failure instanceof RedisCommandExecutionException
                && (message.startsWith("NOPERM") || message.startsWith("ERR unknown command"));
    }

    /** Whether a call failed because of Redis or the network, and not because of a bug. */
    public static boolean isOfRedis(Throwable failure) {
        return failure instanceof RedisException
                || failure instanceof DataAccessException
                || failure instanceof TimeoutException;
    }
}
