package dev.latchkey.gateway.denylist.users;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.session.SessionRoom;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.Subject;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** What cannot be read of the users in Redis keeps no change of a user from being noted. */
final class UserRecordsTests {

    @RegisterExtension
    static final RedisProcess REDIS = RedisProcess.start();

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Subject ADA = new Subject("ada");
    private static final Roles NONE = new Roles(List.of());
    private static final String USERS = "latchkey:users";
    private static final String FILES = "latchkey:users-files";

    private static SessionRoom room;
    private static RedisClient client;
    private static RedisCommands<String, String> redis;
    private static UserRecords records;

    @BeforeAll
    static void open() {
        room = SessionRoom.open(REDIS, Map.of());
        records = room.bean(UserRecords.class);
        client = RedisClient.create(REDIS.uri());
        redis = client.connect().sync();
    }

    @AfterAll
    static void close() {
        client.shutdown();
        room.close();
    }

    @BeforeEach
    void forget() {
        redis.flushall();
    }

    @Test
    void claimWhenVersionsAreJunkThenTheyAreOlderThanAnyOther() {
        redis.hset(FILES, Map.of("junk", "junk", "mine", "junk", "later", "7,1,added"));
        assertThat(block(records.claim("mine", "", 0, false))).isEqualTo(new UserRecords.Claim(8, true));
        assertThat(block(records.claim("mine", "mine", 8, true))).isEqualTo(new UserRecords.Claim(8, true));
    }

    @Test
    void claimWhenTheyAreOfAnotherTypeThenItMakesRoom() {
        redis.set(FILES, "junk");
        assertThat(block(records.claim("mine", "", 0, false)).isNewest()).isTrue();
    }

    @Test
    void noteWhenTheRecordIsJunkThenItIsWrittenAnewAndEndsFromThenOn() {
        redis.hset(USERS, Map.of("ada", "junk", "bob", "junk"));
        assertThat(block(records.all())).isEmpty();
        assertThat(block(records.find(ADA))).isEmpty();
        assertThat(block(records.note(ADA, 2, "stamp", "", NONE)))
                .isEqualTo(new UserRecords.Noted(Instant.EPOCH, false, NONE));
        assertThat(block(records.note(ADA, 3, "", "user-disabled", NONE)).isNew())
                .isTrue();
        assertThat(block(records.all())).containsOnlyKeys(ADA);
    }

    /** Names with other signs than letters are names, too, and what one contains is another. */
    @Test
    void noteWhenRolesAreTakenThenItSaysWhichAndOnce() {
        Roles many = Roles.of(List.of("admin", "admin.x", "a%d", "ops, all", "b"));
        Roles few = Roles.of(List.of("admin.x", "b", "new"));
        Roles taken = Roles.of(List.of("admin", "a%d", "ops, all"));
        block(records.note(ADA, 2, "stamp", "", many));
        assertThat(block(records.note(ADA, 3, "stamp", "", few)).withdrawn()).isEqualTo(taken);
        assertThat(block(records.note(ADA, 3, "stamp", "", few)).withdrawn()).isEqualTo(NONE);
        assertThat(block(records.note(ADA, 4, "stamp", "", few)).withdrawn()).isEqualTo(NONE);
        assertThat(block(records.note(ADA, 5, "", "user-disabled", NONE)).withdrawn())
                .as("an end says it all")
                .isEqualTo(NONE);
    }

    @Test
    void noteWhenTheyAreOfAnotherTypeThenItMakesRoom() {
        redis.set(USERS, "junk");
        assertThat(block(records.all())).isEmpty();
        assertThat(block(records.find(ADA))).isEmpty();
        block(records.note(ADA, 2, "stamp", "", NONE));
        assertThat(block(records.find(ADA))).isPresent();
    }

    private static <T> T block(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(LIMIT));
    }
}
