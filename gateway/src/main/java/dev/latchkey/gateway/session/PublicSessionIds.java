package dev.latchkey.gateway.session;

import dev.latchkey.gateway.denylist.TimedScripts;
import dev.latchkey.gateway.redis.RedisClient;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.data.redis.core.script.RedisScript;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Which session has a public id, for an operator who found that id in a log. Many small hashes take a third of the
 * memory that a key for each session would. Each call fails on any trouble with Redis.
 */
@Component
public final class PublicSessionIds {

    private static final RedisScript<?> NOTE = SessionScripts.read("note-id");

    /** Characters of base64url that name a hash: a quarter of a million hashes. */
    private static final int BEGINNING = 3;

    private static final Pattern NOTED = Pattern.compile("(\\d{1,12}),([A-Za-z0-9_-]+)");

    private final TimedScripts scripts;
    private final RedisClient redis;
    private final Duration life;

    PublicSessionIds(TimedScripts scripts, RedisClient redis, Lifetimes lifetimes) {
        this.scripts = scripts;
        this.redis = redis;
        this.life = lifetimes.absolute();
    }

    Mono<Void> add(SessionId session) {
        PublicSessionId id = session.publicId();
        return scripts.run(NOTE, List.of(key(id)), id.value(), session.value(), life.toMillis())
                .then();
    }

    /** Also of a session that has ended, until it would have ended by itself; empty if there was none. */
    public Mono<SessionId> find(PublicSessionId id) {
        return noted(id)
                .map(noted -> noted.group(2))
                .filter(SessionId::isWellFormed)
                .map(SessionId::new)
                .filter(session -> session.publicId().equals(id));
    }

    /** When a session ends or would have ended by itself, in whole seconds; empty as {@link #find} is. */
    public Mono<Instant> end(PublicSessionId id) {
        return noted(id).map(noted -> Instant.ofEpochSecond(Long.parseLong(noted.group(1))));
    }

    private Mono<Matcher> noted(PublicSessionId id) {
        return redis.field(key(id), id.value())
                .onErrorResume(RedisClient::isOfAnotherType, broken -> Mono.empty())
                .map(NOTED::matcher)
                .filter(Matcher::matches);
    }

    private static String key(PublicSessionId id) {
        return "latchkey:ids:" + id.value().substring(0, BEGINNING);
    }
}
