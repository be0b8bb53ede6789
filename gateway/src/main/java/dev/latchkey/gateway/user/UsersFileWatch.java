package dev.latchkey.gateway.user;

import dev.latchkey.gateway.crypto.Sha256;
import dev.latchkey.gateway.reload.ReloadStatus;
import dev.latchkey.gateway.yaml.Fault;
import dev.latchkey.gateway.yaml.Position;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the users of the last good file, and takes up a change: all of it, or nothing where anything is wrong with it.
 * A change must be there at two looks in a row, because half of a file that is being written may be a good file too,
 * one that lacks users and so ends their sessions. {@link #poll()} is for one thread and blocks.
 */
final class UsersFileWatch {

    private static final Logger log = LoggerFactory.getLogger(UsersFileWatch.class);
    private static final String NONE = "";

    private final UsersFile file;
    private final UsersReader reader;
    private final ReloadStatus status;
    private volatile UserTable current;
    private volatile UserSnapshot snapshot;
    private volatile Function<UserSnapshot, Optional<String>> judge = snapshot -> Optional.empty();
    private String judged;
    private String noticed = NONE;
    private String reported = NONE;

    /** @throws UsersFileException where there is nothing to start with */
    UsersFileWatch(UsersFile file, UsersReader reader, ReloadStatus status) {
        this.file = file;
        this.reader = reader;
        this.status = status;
        byte[] bytes = file.read();
        this.current = reader.read(bytes);
        this.judged = Sha256.hex(bytes);
        this.snapshot = current.snapshot(judged);
        tookEffect();
    }

    UserSnapshot snapshot() {
        return snapshot;
    }

    /** See {@link UserDirectory#whenChanged}. */
    void whenChanged(Function<UserSnapshot, Optional<String>> whom) {
        judge = whom;
    }

    /** See {@link UserDirectory#report}. */
    void report(Optional<String> refusal) {
        refusal.ifPresentOrElse(why -> status.refused(wrong(why).faults()), status::corrected);
    }

    UserTable current() {
        return current;
    }

    /** Looks again; what is wrong is logged once, not at each look. */
    void poll() {
        try {
            byte[] bytes = read();
            String digest = Sha256.hex(bytes);
            if (!digest.equals(judged) && digest.equals(noticed)) {
                judged = digest;
                take(reader.read(bytes));
            }
            noticed = digest;
        } catch (UsersFileException wrong) {
            report(wrong);
        }
    }

    /** What was away is judged anew when it is back, and its next absence is told again. */
    private byte[] read() {
        try {
            return file.read();
        } catch (UsersFileException away) {
            judged = NONE;
            noticed = NONE;
            throw away;
        }
    }

    private void take(UserTable table) {
        UserSnapshot next = table.snapshot(judged);
        next.lossOf(snapshot.all()).or(() -> judge.apply(next)).ifPresent(why -> {
            throw wrong(why);
        });
        current = table;
        snapshot = next;
        reported = NONE;
        log.info(
                "{}: took up a change, {} users may sign in",
                file,
                table.byName().size());
        tookEffect();
    }

    private UsersFileException wrong(String what) {
        return new UsersFileException(List.of(new Fault(Position.start(file.location()), what)));
    }

    private void tookEffect() {
        status.loaded(current.byName().size());
        warnOfCosts();
    }

    private void report(UsersFileException wrong) {
        String sentence = String.valueOf(wrong.getMessage());
        if (!sentence.equals(reported)) {
            status.refused(wrong.faults());
            log.error("{}; the users read before stay", sentence);
            reported = sentence;
        }
    }

    private void warnOfCosts() {
        if (current.costs() > 1) {
            log.warn(
                    "{}: the password hashes have {} different costs; how long a sign-in takes may tell whether a name"
                            + " is there",
                    file,
                    current.costs());
        }
    }
}
