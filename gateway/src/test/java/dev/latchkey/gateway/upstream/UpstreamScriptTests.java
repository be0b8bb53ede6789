package dev.latchkey.gateway.upstream;

import static dev.latchkey.gateway.upstream.UpstreamRig.DUE;
import static dev.latchkey.gateway.upstream.UpstreamRig.HARD;
import static dev.latchkey.gateway.upstream.UpstreamRig.HELD;
import static dev.latchkey.gateway.upstream.UpstreamRig.IDLE;
import static dev.latchkey.gateway.upstream.UpstreamRig.LEASE;
import static dev.latchkey.gateway.upstream.UpstreamRig.OPEN;
import static dev.latchkey.gateway.upstream.UpstreamRig.RECORD;
import static dev.latchkey.gateway.upstream.UpstreamRig.SESSION;
import static dev.latchkey.gateway.upstream.UpstreamRig.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.redis.ScriptAnswer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The protocol of the upstream refresh on the scripts themselves; the clock is an argument. */
final class UpstreamScriptTests {

    @RegisterExtension
    static final UpstreamRig RIG = new UpstreamRig();

    @Test
    void putWhenASessionBeginsThenItLivesAsLongAndIsDueLater() {
        assertThat(RIG.record())
                .containsEntry("due", Long.toString(RIG.now() + DUE))
                .containsEntry("good", Long.toString(RIG.now()));
        assertThat(RIG.held()).containsEntry("u", "1").containsEntry("hard", Long.toString(RIG.now() + HARD));
        assertThat(RIG.redis().pttl(HELD)).isBetween(IDLE - 60_000, IDLE);
        assertThat(RIG.put("sealed-other")).isEqualTo("PUT");
        assertThat(RIG.held()).as("sent twice").containsEntry("sealed", "sealed-1");
    }

    @Test
    void putWhenTheSessionHasEndedThenNothingIsHeld() {
        RIG.revoke();
        RIG.redis().del(HELD);
        assertThat(RIG.put("sealed-1")).isEqualTo("GONE");
        assertThat(RIG.redis().exists(HELD, RECORD)).isZero();
    }

    @Test
    void claimWhenNotDueThenFresh() {
        RIG.pass(DUE - 1);
        assertThat(RIG.claimed("due", "a")).isEqualTo("FRESH");
        assertThat(RIG.claimed("hard", "a")).isEqualTo("FRESH");
        RIG.pass(1);
        assertThat(RIG.claimed("hard", "a")).isEqualTo("FRESH");
        assertThat(RIG.claimed("orphan", "a")).isEqualTo("FRESH");
        assertThat(RIG.open()).isEmpty();
        assertThat(RIG.claimed("due", "a")).isEqualTo("CLAIMED 1");
        assertThat(RIG.open()).containsEntry(SESSION.value(), (RIG.now() + LEASE) + ",keycloak");
    }

    @Test
    void claimWhenTheAccessTokenHasEndedThenClaimed() {
        RIG.pass(HARD);
        assertThat(RIG.claimed("hard", "a")).isEqualTo("CLAIMED 1");
    }

    @Test
    void claimWhenAnotherHasClaimedThenHeldUntilTheLeaseAndAWait() {
        RIG.pass(DUE);
        ScriptAnswer mine = RIG.claim("due", "a");
        assertThat(RIG.claimed("due", "b")).isEqualTo("HELD");
        assertThat(RIG.claimed("orphan", "b")).isEqualTo("HELD");
        RIG.pass(LEASE + WAIT - 1);
        assertThat(RIG.claim("due", "b").number(2)).isEqualTo(RIG.now() + 1);
        RIG.pass(1);
        assertThat(RIG.record()).doesNotContainKey("since");
        assertThat(RIG.claimed("orphan", "b")).isEqualTo("CLAIMED 1 uncertain");
        assertThat(RIG.record()).as("trouble").containsEntry("since", Long.toString(RIG.now()));
        assertThat(RIG.fence()).isEqualTo(mine.number(2) + 1);
    }

    @Test
    void claimWhenSentTwiceThenAnsweredAlike() {
        RIG.pass(DUE);
        ScriptAnswer first = RIG.claim("due", "a");
        RIG.pass(10);
        ScriptAnswer second = RIG.claim("due", "a");
        assertThat(second.parts().subList(1, second.size()))
                .isEqualTo(first.parts().subList(1, first.size()));
        RIG.pass(LEASE + WAIT);
        RIG.claim("orphan", "b");
        assertThat(RIG.claimed("orphan", "b")).isEqualTo("CLAIMED 1 uncertain");
    }

    @Test
    void releaseWhenNothingWasSentThenAsBeforeTheClaimButForABackoffThatDoubles() {
        RIG.pass(DUE);
        RIG.claim("due", "a");
        assertThat(RIG.release(RIG.fence(), "unsent")).isEqualTo("RELEASED");
        assertThat(RIG.release(RIG.fence(), "unsent")).as("sent twice").isEqualTo("FENCED");
        assertThat(RIG.record()).containsEntry("since", Long.toString(RIG.now()));
        assertThat(RIG.open()).isEmpty();
        assertThat(RIG.claimed("due", "b")).isEqualTo("BACKOFF");
        RIG.pass(1_000);
        assertThat(RIG.claimed("due", "b")).as("not uncertain").isEqualTo("CLAIMED 1");
        RIG.release(RIG.fence(), "unsent");
        RIG.pass(1_999);
        assertThat(RIG.claimed("due", "c")).isEqualTo("BACKOFF");
        RIG.pass(1);
        assertThat(RIG.claimed("due", "c")).isEqualTo("CLAIMED 1");
        RIG.release(RIG.fence(), 40_000, "unsent");
        RIG.pass(39_999);
        assertThat(RIG.claimed("due", "d")).as("Retry-After").isEqualTo("BACKOFF");
    }

    @Test
    void releaseWhenNotTriedThenNoTroubleAndNoBackoff() {
        RIG.pass(DUE);
        RIG.claim("due", "a");
        assertThat(RIG.release(RIG.fence(), "again")).isEqualTo("RELEASED");
        assertThat(RIG.record()).doesNotContainKey("since");
        assertThat(RIG.claimed("due", "b")).isEqualTo("CLAIMED 1");
    }

    @Test
    void releaseWhenNobodyKnowsThenTheLeaseRunsOutAndTheNextIsUncertain() {
        RIG.pass(DUE);
        RIG.claim("due", "a");
        RIG.release(RIG.fence(), "unknown");
        assertThat(RIG.open()).isNotEmpty();
        assertThat(RIG.claimed("due", "b")).isEqualTo("HELD");
        RIG.pass(LEASE + WAIT);
        assertThat(RIG.claimed("due", "b")).isEqualTo("CLAIMED 1 uncertain");
        RIG.release(RIG.fence(), "unsent");
        assertThat(RIG.open()).as("the first call is still unaccounted for").isNotEmpty();
        RIG.pass(LEASE + WAIT);
        assertThat(RIG.claimed("due", "c")).isEqualTo("CLAIMED 1 uncertain");
    }

    @Test
    void releaseWhenAnotherHasClaimedMeanwhileThenFenced() {
        RIG.pass(DUE);
        RIG.claim("due", "a");
        long fence = RIG.fence();
        RIG.pass(LEASE + WAIT);
        RIG.claim("orphan", "b");
        assertThat(RIG.release(fence, "unsent")).isEqualTo("FENCED");
        assertThat(RIG.claimed("due", "c")).isEqualTo("HELD");
    }

    @Test
    void storeWhenGoodThenTheNextNumberAndNoTrouble() {
        RIG.pass(DUE);
        RIG.claim("due", "a");
        RIG.release(RIG.fence(), "unsent");
        RIG.pass(1_000);
        RIG.claim("due", "b");
        assertThat(RIG.store(1, "sealed-2")).isEqualTo("STORED");
        assertThat(RIG.store(1, "sealed-2")).as("sent twice").isEqualTo("STORED");
        assertThat(RIG.store(1, "sealed-x")).isEqualTo("NEWER");
        assertThat(RIG.held())
                .containsEntry("u", "2")
                .containsEntry("sealed", "sealed-2")
                .containsEntry("tries", "0");
        assertThat(RIG.record())
                .containsEntry("due", Long.toString(RIG.now() + DUE))
                .containsEntry("good", Long.toString(RIG.now()))
                .doesNotContainKey("since");
        assertThat(RIG.open()).isEmpty();
        assertThat(RIG.claimed("due", "c")).isEqualTo("FRESH");
        RIG.pass(DUE);
        assertThat(RIG.claimed("due", "c")).isEqualTo("CLAIMED 2");
    }

    /** The rule without which the model shows an honest user told that the provider refused. */
    @Test
    void storeWhenACallBeforeIsUnaccountedForThenTheNextRefusalIsInDoubtOnce() {
        RIG.pass(DUE);
        RIG.claim("due", "a");
        RIG.pass(LEASE + WAIT);
        RIG.claim("orphan", "b");
        RIG.store(1, "sealed-2");
        RIG.pass(DUE);
        assertThat(RIG.claimed("due", "c")).isEqualTo("CLAIMED 2 uncertain");
        RIG.store(2, "sealed-3");
        RIG.pass(DUE);
        assertThat(RIG.claimed("due", "d")).isEqualTo("CLAIMED 3");
    }

    /** A late answer may hold the only good token. */
    @Test
    void storeWhenTheLeaseIsOverAndAnotherHasClaimedThenStillTaken() {
        RIG.pass(DUE);
        RIG.claim("due", "a");
        RIG.pass(LEASE + WAIT);
        RIG.claim("orphan", "b");
        assertThat(RIG.store(1, "sealed-2")).isEqualTo("STORED");
        assertThat(RIG.lapse(1)).as("the other's refusal comes too late").isEqualTo("NEWER");
        assertThat(RIG.record()).doesNotContainKey("lapsed");
    }

    @Test
    void storeWhenTheSessionHasEndedThenGoneAndNothingComesBack() {
        RIG.pass(DUE);
        RIG.claim("due", "a");
        RIG.revoke();
        assertThat(RIG.store(1, "sealed-2")).isEqualTo("GONE");
        assertThat(RIG.claimed("due", "b")).isEqualTo("GONE");
        assertThat(RIG.open()).isEmpty();
        assertThat(RIG.redis().exists(RECORD)).isZero();
    }

    @Test
    void lapseWhenTheTokensAreLostThenNothingIsAskedAnyMore() {
        RIG.pass(DUE);
        RIG.claim("due", "a");
        assertThat(RIG.lapse(1)).isEqualTo("LAPSED");
        assertThat(RIG.lapse(1)).as("sent twice").isEqualTo("LAPSED");
        assertThat(RIG.record()).containsEntry("lapsed", "1").containsEntry("state", "active");
        assertThat(RIG.claimed("due", "b")).isEqualTo("GONE");
        assertThat(RIG.store(1, "sealed-2")).isEqualTo("GONE");
        assertThat(RIG.open()).isEmpty();
        assertThat(RIG.run(UpstreamStore.HELD).text(1))
                .as("for the hint at the sign-out")
                .isEqualTo("HELD");
    }

    @Test
    void claimsWhenNewerTokensAreHeldThenLeftAlone() {
        assertThat(RIG.run(UpstreamStore.CLAIMS, 2, "{}").number(1)).isZero();
        assertThat(RIG.run(UpstreamStore.CLAIMS, 1, "{\"stamp\":\"x\"}").number(1))
                .isEqualTo(1);
        assertThat(RIG.record()).containsEntry("claims", "{\"stamp\":\"x\"}");
    }

    @Test
    void takeWhenTheSessionHasEndedThenOnceAndNeverOfALiveOne() {
        assertThat(RIG.run(UpstreamStore.TAKE, SESSION.value()).text(1)).isEqualTo("NONE");
        assertThat(RIG.held()).isNotEmpty();
        RIG.pass(DUE);
        RIG.claim("due", "a");
        RIG.revoke();
        assertThat(RIG.run(UpstreamStore.TAKE, SESSION.value()).parts().subList(1, 5))
                .isEqualTo(List.of("TAKEN", "keycloak", 1L, "sealed-1"));
        assertThat(RIG.run(UpstreamStore.TAKE, SESSION.value()).text(1)).isEqualTo("NONE");
        assertThat(RIG.redis().exists(HELD, OPEN)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"u", "sealed", "provider"})
    void heldWhenAFieldCannotBeReadThenGoneAndNoErrorOfTheScript(String field) {
        RIG.pass(DUE);
        RIG.redis().hdel(HELD, field);
        assertThat(RIG.claimed("due", "a")).isEqualTo("GONE");
        assertThat(RIG.store(1, "sealed-2")).isEqualTo("GONE");
        assertThat(RIG.lapse(1)).isEqualTo("GONE");
        assertThat(RIG.release(1, "unsent")).isEqualTo("FENCED");
        assertThat(RIG.run(UpstreamStore.HELD).text(1)).isEqualTo("GONE");
    }

    @Test
    void keysWhenOfAnotherTypeThenThereIsNothingInThem() {
        RIG.pass(DUE);
        RIG.redis().set(OPEN, "text");
        assertThat(RIG.claimed("due", "a")).isEqualTo("CLAIMED 1");
        RIG.redis().del(HELD);
        RIG.redis().set(HELD, "text");
        assertThat(RIG.claimed("due", "a")).isEqualTo("GONE");
        assertThat(RIG.put("sealed-9")).isEqualTo("PUT");
        assertThat(RIG.held()).containsEntry("sealed", "sealed-9");
    }

    @Test
    void recordWhenLostThenNoScriptMakesOne() {
        RIG.redis().del(RECORD);
        Map<String, String> before = RIG.held();
        RIG.claimed("due", "a");
        RIG.release(0, "unsent");
        RIG.store(1, "sealed-2");
        RIG.lapse(1);
        RIG.run(UpstreamStore.CLAIMS, 1, "{}");
        assertThat(RIG.redis().exists(RECORD)).isZero();
        assertThat(RIG.held()).isEqualTo(before);
    }
}
