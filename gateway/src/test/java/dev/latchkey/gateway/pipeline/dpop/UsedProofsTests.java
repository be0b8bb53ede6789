package dev.latchkey.gateway.pipeline.dpop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.crypto.Sha256;
import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.pipeline.dpop.UsedProofs.Use;
import dev.latchkey.gateway.pipeline.extraction.PresentedProof;
import dev.latchkey.gateway.proof.ProofKey;
import dev.latchkey.gateway.proof.TestProofs;
import dev.latchkey.gateway.token.dpop.DpopProperties;
import dev.latchkey.gateway.token.dpop.KeyThumbprint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import tools.jackson.databind.json.JsonMapper;

final class UsedProofsTests {

    private static final int ROOM = 1_000;
    private static final Duration LIFE = Duration.ofMinutes(2);
    private static final KeyThumbprint KEY = new KeyThumbprint(Sha256.base64Url("one"));
    private static final KeyThumbprint OTHER = new KeyThumbprint(Sha256.base64Url("other"));

    private final AtomicLong now = new AtomicLong(1_000_000);
    private final UsedProofs used = new UsedProofs(() -> Instant.ofEpochMilli(now.get()), LIFE, 3);

    @Test
    void useWhenRepeatedWithinItsLifeThenNotFirst() {
        for (int part = 0; part < 8; part++) {
            pass(LIFE.dividedBy(3));
            assertThat(used.use(KEY, "id" + part)).isEqualTo(Use.FIRST);
            for (int before = Math.max(0, part - 2); before <= part; before++) {
                assertThat(used.use(KEY, "id" + before))
                        .as("id%d at %d", before, part)
                        .isEqualTo(Use.REPEATED);
            }
        }
    }

    @Test
    void useWhenForgottenThenFirstAndThereIsRoom() {
        used.use(KEY, "before");
        pass(LIFE);
        for (String id : new String[] {"id0", "id1", "id2"}) {
            used.use(KEY, id);
        }
        used.forget(KEY, "id1");
        used.forget(OTHER, "id2");

        assertThat(used.use(KEY, "id2")).isEqualTo(Use.REPEATED);
        assertThat(used.use(KEY, "id1")).isEqualTo(Use.FIRST);
        used.forget(KEY, "before");
        used.forget(KEY, "id0");
        assertThat(used.use(KEY, "before")).isEqualTo(Use.FIRST);
    }

    @Test
    void useWhenTwoLivesHavePassedThenForgotten() {
        used.use(KEY, "id");
        pass(LIFE.multipliedBy(2));
        assertThat(used.use(KEY, "id")).isEqualTo(Use.FIRST);
    }

    @Test
    void useWhenAnotherKeyHasTheSameIdThenFirst() {
        used.use(KEY, "id");
        assertThat(used.use(OTHER, "id")).isEqualTo(Use.FIRST);
    }

    @Test
    void useWhenThereIsNoRoomThenNothingIsForgotten() {
        for (int i = 0; i < 3; i++) {
            assertThat(used.use(KEY, "id" + i)).isEqualTo(Use.FIRST);
        }
        assertThat(used.use(KEY, "id3")).isEqualTo(Use.NO_ROOM);
        assertThat(used.use(KEY, "id0")).isEqualTo(Use.REPEATED);
        pass(LIFE);
        assertThat(used.use(KEY, "id3")).isEqualTo(Use.FIRST);
        assertThat(used.use(KEY, "id0")).isEqualTo(Use.REPEATED);
    }

    /** Anybody can make proofs of keys of their own at the sign-in. */
    @Test
    void checkWhenStrangersTookAllRoomThenThatOfTokenHoldersIsLeft() {
        InstantSource clock = () -> Instant.ofEpochMilli(now.get());
        DpopProperties narrow = new DpopProperties(true, false, Duration.ofSeconds(60), ROOM);
        ProofCheck check = TestDpop.check(narrow, TestDpop.nonces(clock), clock);
        TestProofs holder = new TestProofs();
        KeyThumbprint key = new KeyThumbprint(ProofKey.ofJwk(new JsonMapper().valueToTree(holder.jwk()))
                .orElseThrow()
                .thumbprint());

        TestProofs stranger = new TestProofs();
        for (int each = 0; each < ROOM; each++) {
            assertThat(check.check(proof(stranger), Optional.empty())).isInstanceOf(Checked.Holder.class);
        }
        assertThat(check.check(proof(stranger), Optional.empty())).isEqualTo(ProofFault.NO_ROOM);
        assertThat(check.check(proof(holder), Optional.of(key))).isEqualTo(new Checked.Holder(key));
    }

    private PresentedProof proof(TestProofs by) {
        Map<String, Object> claims = Map.of(
                "jti",
                UUID.randomUUID().toString(),
                "htm",
                "GET",
                "htu",
                "http://shop.example/x",
                "iat",
                now.get() / 1_000);
        MockServerHttpRequest request = MockServerHttpRequest.get("http://shop.example/x")
                .header("Host", "shop.example")
                .header("DPoP", by.sign(by.headerWithKey("dpop+jwt"), claims))
                .build();
        return new PresentedProof(new SpringRequestHead(request), Optional.empty());
    }

    private void pass(Duration time) {
        now.addAndGet(time.toMillis());
    }
}
