package dev.latchkey.gateway.user;

import dev.latchkey.gateway.reload.FileLocation;
import dev.latchkey.gateway.reload.FileReport;
import dev.latchkey.gateway.reload.FileSnapshot;
import dev.latchkey.gateway.reload.ReadResult;
import dev.latchkey.gateway.reload.ReloadSource;
import dev.latchkey.gateway.reload.UnusableFileException;
import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.cookie.CookieBudget;
import dev.latchkey.gateway.token.cookie.CookieNames;
import dev.latchkey.gateway.yaml.Fault;
import dev.latchkey.gateway.yaml.Position;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** The users file, wherever it is. */
public final class UsersFile implements ReloadSource<UserTable> {

    /** Some thirty thousand users; a longer list needs a database. */
    static final int MOST_BYTES = 4 << 20;

    private final String location;
    private final UsersReader reader;
    private volatile Function<UserSnapshot, Optional<String>> changeCheck = snapshot -> Optional.empty();

    /** @param budget whether the tokens of a user with these roles fit a cookie */
    UsersFile(String location, Predicate<User> budget) {
        this.location = location;
        this.reader = new UsersReader(location, budget);
    }

    /**
     * Every role of users who may sign in. Blocks.
     *
     * @param location a path, or {@code classpath:} and a name
     * @throws IllegalArgumentException with a sentence that says what is wrong with the file, and where
     */
    public static Set<String> roles(String location) {
        // Whether tokens fit a cookie depends on settings that are not known here, and roles do not depend on it.
        UsersFile file = new UsersFile(location, user -> true);
        try {
            return file.read().value().roles();
        } catch (UnusableFileException wrong) {
            throw new IllegalArgumentException(wrong.getMessage(), wrong);
        }
    }

    /**
     * What a gateway with these settings would make of the file. Blocks.
     *
     * @param location a path, or {@code classpath:} and a name
     */
    public static FileReport check(String location, Issuer issuer, CookieNames names) {
        return new UsersFile(location, fitting(new CookieBudget(issuer, names))).check();
    }

    /** Whether the tokens of a user fit a cookie. */
    static Predicate<User> fitting(CookieBudget budget) {
        return user -> budget.fits(user.subject(), user.roles(), user.claims());
    }

    @Override
    public String location() {
        return location;
    }

    @Override
    public ReadResult<FileSnapshot> look() {
        return new FileLocation(location).look(MOST_BYTES, "latchkey.users.file");
    }

    @Override
    public Parsed<UserTable> parse(FileSnapshot content, Optional<UserTable> before) {
        UserTable users = reader.read(content, Function.identity(), faults -> {
            throw unusable(faults);
        });
        before.flatMap(active -> refusal(users.snapshot(), active.snapshot())).ifPresent(why -> {
            throw unusable(wrong(why));
        });
        int count = users.byName().size();
        return new Parsed<>(users, count, count + " users may sign in", warnings(users));
    }

    /** The check of changes runs last, because it may already end sessions. */
    private Optional<String> refusal(UserSnapshot next, UserSnapshot active) {
        return next.lossOf(active.all()).or(() -> changeCheck.apply(next));
    }

    private List<Fault> warnings(UserTable users) {
        return users.costs() <= 1
                ? List.of()
                : wrong("the password hashes have " + users.costs()
                        + " different costs; how long a sign-in takes may reveal whether a name exists");
    }

    /** See {@link UserDirectory#whenChanged}. */
    void whenChanged(Function<UserSnapshot, Optional<String>> check) {
        changeCheck = check;
    }

    /** One sentence about the whole file. */
    List<Fault> wrong(String sentence) {
        return List.of(new Fault(Position.start(location), sentence));
    }

    @Override
    public UnusableFileException unusable(List<Fault> faults) {
        return new UnusableFileException(
                "users file ", faults, "Correct the file, or set latchkey.users.file to another one.");
    }
}
