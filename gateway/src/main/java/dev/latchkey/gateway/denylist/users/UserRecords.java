package dev.latchkey.gateway.denylist.users;

import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.redis.ScriptAnswer;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What user directories say of users, kept in Redis so that the nodes apply each change once. Any kind of directory
 * will do: each of its states has a revision, a number that grows. Each call fails on any trouble with Redis.
 */
@Component
public final class UserRecords {

    /** A revision above the recorded one, and of a store's that of a question at this moment, by the clock of Redis. */
    public static final long NOW = 0;

    private static final String FILE_USERS = "latchkey:users";
    /** A key of its own: revisions of a store are times, which no revision of a file would ever reach. */
    private static final String STORE_USERS = "latchkey:store-users";

    private static final String POLL = "latchkey:users-poll";
    private static final String VERSIONS = "latchkey:users-files";
    /** How long a version counts after the last node that had it was heard of. */
    private static final Duration REMEMBERED = Duration.ofMinutes(1);

    private static final RedisScript<?> CLAIM = TimedScripts.read("dev/latchkey/gateway/denylist/users/claim.lua");
    private static final RedisScript<?> POLLS = TimedScripts.read("dev/latchkey/gateway/denylist/users/poll.lua");
    private static final RedisScript<?> CONCLUDED =
            TimedScripts.read("dev/latchkey/gateway/denylist/users/concluded.lua");
    private static final RedisScript<?> USER = TimedScripts.read("dev/latchkey/gateway/denylist/users/user.lua");

    private final RedisClient redis;
    private final TimedScripts scripts;
    private final String users;

    /** @param source where users come from: a {@code file} or a store */
    UserRecords(RedisClient redis, TimedScripts scripts, @Value("${latchkey.users.source:file}") String source) {
        this.redis = redis;
        this.scripts = scripts;
        this.users = source.strip().equalsIgnoreCase("file") ? FILE_USERS : STORE_USERS;
    }

    /**
     * The revision of a version of a directory that is read as a whole, such as a file.
     *
     * @param before the version that this node had before; the same to confirm that it still has it, empty at its start
     * @param revision that of {@code before}, or 0; Redis may have lost it
     * @param hasCounted whether this version was the newest when this node read it, or since
     */
    public Mono<Claim> claim(String version, String before, long revision, boolean hasCounted) {
        return scripts.runAcknowledged(
                        CLAIM, List.of(VERSIONS), version, before, revision, hasCounted ? 1 : 0, REMEMBERED.toMillis())
                .map(written ->
                        new Claim(written.answer().number(1), written.answer().number(2) == 1));
    }

    /**
     * Claims to be the node that asks a store for changes, until it claims again or this time is over.
     *
     * @param node a name of this node, without spaces
     * @return the time of the claim, by the clock of Redis; empty if another node has it
     */
    public Mono<Instant> claimPoll(String node, Duration life) {
        return scripts.run(POLLS, List.of(POLL), node, life.toMillis())
                .filter(answer -> answer.number(1) == 1)
                .map(ScriptAnswer::now);
    }

    /** Gives the claim back, so that another node need not wait for its end. */
    public Mono<Void> releasePoll(String node) {
        return scripts.run(POLLS, List.of(POLL), node, 1).then();
    }

    /** All users that were ever noted. A record that cannot be read counts as missing: it is noted again. */
    public Mono<Map<Subject, UserRecord>> all() {
        return redis.scan(users)
                .onErrorResume(RedisClient::isOfAnotherType, broken -> Flux.empty())
                .filter(field -> Subject.isWellFormed(field.getKey()))
                .flatMapIterable(field -> UserRecord.parse(field.getValue()).stream()
                        .map(record -> Map.entry(new Subject(field.getKey()), record))
                        .toList())
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    /** The record of a user. */
    public Mono<Optional<UserRecord>> find(Subject subject) {
        return redis.field(users, subject.value())
                .onErrorResume(RedisClient::isOfAnotherType, broken -> Mono.empty())
                .map(UserRecord::parse)
                .defaultIfEmpty(Optional.empty());
    }

    /**
     * Notes what the directory says now; the first node that does so sets it, once for each revision.
     *
     * @param revision or {@link #NOW}
     */
    public Mono<Noted> note(Subject subject, long revision, String stamp, String reason, Roles roles) {
        return scripts.runAcknowledged(
                        USER,
                        List.of(users),
                        subject.value(),
                        revision,
                        stamp,
                        reason,
                        String.join("\n", roles.names()))
                .map(written -> new Noted(
                        written.answer().instant(1),
                        written.answer().number(2) == 1,
                        UserRecord.roles(written.answer().text(3))));
    }

    /** Notes that all that follows from this end of a user's sessions is done: {@link UserRecord#isOpen}. */
    public Mono<Void> concluded(Subject subject, Instant ended) {
        return scripts.runAcknowledged(CONCLUDED, List.of(users), subject.value(), ended.toEpochMilli())
                .then();
    }

    /** Forgets a user whose last session has long ended. */
    public Mono<Void> forget(Subject subject) {
        return redis.remove(users, List.of(subject.value()));
    }

    /**
     * Which state of a directory this node has.
     *
     * @param isNewest whether no other node has a newer one
     */
    public record Claim(long revision, boolean isNewest) {}

    /**
     * What came of a note.
     *
     * @param ended sessions from before have ended; the epoch where none have
     * @param isNew whether this very call ended them; what follows is left to its node for a while
     * @param withdrawn roles that this very call has taken from a user who may go on signing in
     */
    public record Noted(Instant ended, boolean isNew, Roles withdrawn) {}
}
