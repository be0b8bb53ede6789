package dev.latchkey.gateway.denylist;

import dev.latchkey.gateway.denylist.Denylist.Answer;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.SessionProperties;
import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.token.TokenProperties;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * The denylist in Redis itself. A question is two reads at the same time: the session's entry and its user's
 * {@code notBefore}.
 */
@Component
final class RedisDenylist {

    private static final RedisScript<?> DENY_USER = TimedScripts.read("dev/latchkey/gateway/denylist/deny-user.lua");
    private static final RedisScript<?> ROLES = TimedScripts.read("dev/latchkey/gateway/denylist/roles.lua");
    private static final RedisScript<?> LIFE = TimedScripts.read("dev/latchkey/gateway/denylist/session-life.lua");
    private static final RedisScript<?> ENTRY = TimedScripts.read("dev/latchkey/gateway/denylist/entry.lua");

    /** Milliseconds; more digits than these cannot be a time. */
    private static final Pattern INSTANT = Pattern.compile("(\\d{1,15})(?!\\d)");

    private final RedisClient redis;
    private final TimedScripts scripts;
    /** How long a session can live that begins now. */
    private final Duration userLife;

    /** What Redis said last, in case it forgets. */
    private volatile SessionLife life;

    /** How long an access token can live that a node mints before it has heard of a change. */
    private final Duration rolesLife;

    RedisDenylist(RedisClient redis, TimedScripts scripts, SessionProperties sessions, TokenProperties tokens) {
        this.redis = redis;
        this.scripts = scripts;
        this.userLife = sessions.absoluteTimeout();
        this.life = new SessionLife(Instant.EPOCH, userLife, Instant.EPOCH);
        this.rolesLife = tokens.accessTtl().plus(Denylist.BEYOND_ACCESS);
    }

    /** A user's {@code notBefore}, if there is one that can be read. Fails on any trouble. */
    Mono<Instant> notBefore(Subject subject) {
        return redis.field(DenylistKeys.DENIED_USERS, subject.value())
                .onErrorResume(RedisClient::isOfAnotherType, broken -> Mono.empty())
                .flatMap(value -> Mono.justOrEmpty(notBefore(value)));
    }

    /** Whether an access token is refused; never fails. */
    Mono<Answer> check(Subject subject, SessionId session, Generation generation, Instant authTime) {
        return Mono.zip(sessionDenied(session, generation), userDenied(subject, authTime))
                .map(both -> answer(both.getT1() || both.getT2()))
                .onErrorResume(failure -> Mono.just(Answer.UNAVAILABLE));
    }

    /** Whether sessions of this user that began at {@code authTime} are refused; never fails. */
    Mono<Answer> checkUser(Subject subject, Instant authTime) {
        return userDenied(subject, authTime)
                .map(RedisDenylist::answer)
                .onErrorResume(failure -> Mono.just(Answer.UNAVAILABLE));
    }

    /** Refuses what began before now; answers from when on sessions are accepted. Fails on any trouble. */
    Mono<Instant> denyUser(Subject subject) {
        return denyUser(subject, "");
    }

    /** Writes a {@code notBefore} back that was lost. Fails on any trouble. */
    Mono<Instant> denyUser(Subject subject, Instant notBefore) {
        return denyUser(subject, String.valueOf(notBefore.toEpochMilli()));
    }

    private Mono<Instant> denyUser(Subject subject, String notBefore) {
        return scripts.runAcknowledged(
                        DENY_USER,
                        List.of(DenylistKeys.DENIED_USERS, DenylistKeys.SESSION_LIFE),
                        subject.value(),
                        userLife.toMillis(),
                        notBefore)
                .map(written -> written.answer().instant(1));
    }

    /** Refuses access tokens of a user with other roles; answers what is in Redis then. Fails on any trouble. */
    Mono<RolesEntry> changeRoles(Subject subject, long revision, Roles roles) {
        return changeRoles(subject, revision, roles, rolesLife);
    }

    /** Writes changed roles back that were lost, for the rest of their time. Fails on any trouble. */
    Mono<RolesEntry> restoreRoles(Subject subject, RolesEntry lost, Instant now) {
        return changeRoles(subject, lost.revision(), lost.roles(), Duration.between(now, lost.ends()));
    }

    private Mono<RolesEntry> changeRoles(Subject subject, long revision, Roles roles, Duration life) {
        return scripts.runAcknowledged(
                        ROLES,
                        List.of(DenylistKeys.CHANGED_ROLES, DenylistKeys.DENIED_USERS),
                        subject.value(),
                        revision,
                        String.join("\n", roles.names()),
                        life.toMillis())
                .flatMap(written ->
                        Mono.justOrEmpty(RolesEntry.parse(written.answer().text(1))));
    }

    /** The roles of a user if they were changed lately. Fails on any trouble. */
    Mono<RolesEntry> changedRoles(Subject subject) {
        return redis.field(DenylistKeys.CHANGED_ROLES, subject.value())
                .onErrorResume(RedisClient::isOfAnotherType, broken -> Mono.empty())
                .flatMap(entry -> Mono.justOrEmpty(RolesEntry.parse(entry)));
    }

    /** What time it is, also if this node was not told yet, and how long sessions can live. Fails on any trouble. */
    Mono<SessionLife> sessionLife() {
        return Mono.defer(() -> scripts.run(
                        LIFE,
                        List.of(DenylistKeys.SESSION_LIFE),
                        userLife.toMillis(),
                        life.longest().toMillis(),
                        life.until().toEpochMilli()))
                .map(answer -> new SessionLife(answer.now(), Duration.ofMillis(answer.number(1)), answer.instant(2)))
                .doOnNext(learned -> life = learned);
    }

    /**
     * How long sessions can live.
     *
     * @param longest also of those that began while other nodes, or this one before, had a longer timeout
     * @param until when none of them can be alive
     */
    record SessionLife(Instant now, Duration longest, Instant until) {}

    /** By a script, because its answer also gives a node that has just started the time of Redis. */
    private Mono<Boolean> sessionDenied(SessionId session, Generation generation) {
        return scripts.run(ENTRY, List.of(DenylistKeys.denied(Shard.of(session))), session.value())
                .map(answer -> answer.size() > 1
                        && DenylistEntry.parse(answer.text(1))
                                .filter(entry -> entry.refuses(generation, answer.now()))
                                .isPresent());
    }

    private Mono<Boolean> userDenied(Subject subject, Instant authTime) {
        return notBefore(subject).map(authTime::isBefore).defaultIfEmpty(false);
    }

    /** Reads a user's {@code notBefore}, behind which a later version may add parts; empty if it cannot be read. */
    static Optional<Instant> notBefore(String value) {
        Matcher time = INSTANT.matcher(value);
        return time.lookingAt() ? Optional.of(Instant.ofEpochMilli(Long.parseLong(time.group(1)))) : Optional.empty();
    }

    private static Answer answer(boolean denied) {
        return denied ? Answer.DENIED : Answer.ACCEPTED;
    }
}
