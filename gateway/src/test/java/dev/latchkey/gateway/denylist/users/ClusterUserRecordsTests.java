package dev.latchkey.gateway.denylist.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.denylist.LocalDenylistReport;
import dev.latchkey.gateway.denylist.users.UserRecords.Claim;
import dev.latchkey.gateway.denylist.users.UserRecords.Noted;
import dev.latchkey.gateway.session.SessionRoom;
import dev.latchkey.gateway.testing.redis.ClusteredRedis;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** What nodes note of users in a cluster: each script stays in one slot, and what it publishes reaches every node. */
final class ClusterUserRecordsTests {

    @RegisterExtension
    static final ClusteredRedis REDIS = ClusteredRedis.start();

    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Subject ADA = new Subject("ada");
    private static final Roles CUSTOMER = Roles.of(List.of("customer"));
    private static final Roles BOTH = Roles.of(List.of("admin", "customer"));

    private SessionRoom one;
    private SessionRoom other;

    @BeforeEach
    void open() {
        one = SessionRoom.open(REDIS.properties());
        other = SessionRoom.open(REDIS.properties());
        await().atMost(LIMIT).until(() -> other.bean(LocalDenylistReport.class).isFresh());
    }

    @AfterEach
    void close() {
        one.close();
        other.close();
    }

    @Test
    void usersWhenNotedInAClusterThenOtherNodesKnowAndNoScriptLeavesItsSlot() {
        UserRecords here = one.bean(UserRecords.class);
        UserRecords there = other.bean(UserRecords.class);
        Claim first = answer(here.claim("v1", "", 0, false));
        answer(here.note(ADA, first.revision(), "a", "credentials-changed", BOTH));
        Claim second = answer(there.claim("v2", "v1", first.revision(), false));
        assertThat(second.isNewest()).isTrue();
        assertThat(answer(here.claim("v1", "v1", first.revision(), true)).isNewest())
                .isFalse();

        other.bean(Denylist.class).changeRoles(ADA, second.revision(), CUSTOMER).block(LIMIT);
        await().atMost(LIMIT)
                .until(() -> one.bean(Denylist.class).remaining(ADA, BOTH).equals(CUSTOMER));
        Noted noted = answer(there.note(ADA, second.revision(), "A", "credentials-changed", CUSTOMER));
        assertThat(noted.isNew()).isTrue();
        other.bean(Denylist.class).denyUser(ADA, noted.ended()).block(LIMIT);
        await().atMost(LIMIT)
                .until(() -> one.bean(Denylist.class).isRevoked(ADA, SessionId.random(RANDOM), Instant.EPOCH));
        assertThat(answer(here.find(ADA))).map(UserRecord::stamp).contains("A");
        assertThat(answer(here.all())).containsOnlyKeys(ADA);
        here.forget(ADA).block(LIMIT);
        assertThat(answer(there.all())).isEmpty();
        assertThat(REDIS.nodes())
                .allSatisfy(node -> assertThat(node.info("errorstats", "errorstat_CROSSSLOT"))
                        .isEmpty());
    }

    private static <T> T answer(Mono<T> call) {
        return Objects.requireNonNull(call.block(LIMIT));
    }
}
