package dev.latchkey.gateway.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.history.Exchange.Presented;
import dev.latchkey.gateway.history.Exchange.Reply;
import dev.latchkey.gateway.history.Exchange.Travel;
import dev.latchkey.gateway.history.HistoryChecker.Verdict;
import dev.latchkey.gateway.history.Nemesis.Kind;
import dev.latchkey.gateway.history.Violation.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Histories written by hand, good ones and bad ones: the checker must let pass the ones and find fault with the others.
 */
final class HistoryCheckerTests {

    private static final Invariants PROMISES = new Invariants(Duration.ofSeconds(5), Duration.ofSeconds(1), true);
    private static final Invariants FORGETFUL = new Invariants(Duration.ofSeconds(5), Duration.ofSeconds(1), false);
    private static final long LONG = 10_000;

    private final List<Exchange> exchanges = new ArrayList<>();
    private final List<Nemesis> nemeses = new ArrayList<>();
    private final List<Alarm> alarms = new ArrayList<>();
    private long now;

    @Test
    void checkWhenTwoRequestsShareARotationThenGood() {
        signIn("s");
        add(Operation.GET, presents("s", 1, "a"), answers(200, "s", 2, "b"));
        add(Operation.REFRESH, presents("s", 1, "a"), answers(200, "s", 2, "c"));
        add(Operation.GET, presents("s", 2, "c"), answers(200, "s", 3, "d"));
        add(Operation.SIGN_OUT, presents("s", 3, "d"), new Reply(204, none(), none(), true, false, ""));
        now += LONG;
        add(Operation.GET, presents("s", 3, "d"), status(401));
        assertThat(rules()).isEmpty();
    }

    @Test
    void checkWhenAnHonestClientIsRefusedThenBad() {
        signIn("s");
        add(Operation.GET, presents("s", 1, "a"), status(401));
        assertThat(rules()).containsExactly(Rule.LET_IN);
    }

    @Test
    void checkWhenAnAccessTokenAloneIsRefusedThenGood() {
        signIn("s");
        add(Operation.GET, new Presented(Optional.of(facts("s", 1, "x")), none()), status(401));
        assertThat(rules()).isEmpty();
    }

    @Test
    void checkWhenARightPasswordIsRefusedThenBad() {
        add(Operation.SIGN_IN, Presented.NOTHING, status(401));
        assertThat(rules()).containsExactly(Rule.ANSWERED);
    }

    @Test
    void checkWhenRefusedAfterAnUnansweredSignOutThenGood() {
        signIn("s");
        nemeses.add(new Nemesis(Kind.NODE_DOWN, now, now + 10));
        add(Operation.SIGN_OUT, presents("s", 1, "a"), status(0));
        add(Operation.GET, presents("s", 1, "a"), status(401));
        add(Operation.GET, presents("s", 1, "a"), answers(200, "s", 2, "b"));
        assertThat(rules()).as("it may have been heard or not").isEmpty();
    }

    @Test
    void checkWhenASignOutEverywhereIsRefusedThenItIsNoExcuse() {
        signIn("s");
        add(Operation.SIGN_OUT_EVERYWHERE, presents("s", 1, "a"), status(401));
        add(Operation.GET, presents("s", 1, "a"), status(401));
        assertThat(rules()).containsExactly(Rule.LET_IN, Rule.LET_IN);
    }

    @Test
    void checkWhenAnAnswerIsTooLateThenExcused() {
        signIn("s");
        add(Operation.GET, presents("s", 1, "a"), answers(200, "s", 2, "b"), 3000, 1500);
        add(Operation.GET, presents("s", 1, "a"), status(401));
        Verdict verdict = check(PROMISES);
        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.excused()).isEqualTo(1);
    }

    @Test
    void checkWhenALateTokenSignsOutThenItsSessionMayGoOn() {
        signIn("s");
        add(Operation.GET, presents("s", 1, "a"), answers(200, "s", 2, "b"), 3000, 1500);
        add(Operation.SIGN_OUT, presents("s", 1, "a"), status(204));
        now += LONG;
        add(Operation.GET, presents("s", 2, "b"), status(200));
        assertThat(rules()).isEmpty();
    }

    @Test
    void checkWhenAnotherSessionWasLateThenNotExcused() {
        signIn("s");
        signIn("other");
        add(Operation.GET, presents("other", 1, "a"), answers(200, "other", 2, "b"), 3000, 1500);
        add(Operation.GET, presents("s", 1, "a"), status(401));
        assertThat(rules()).containsExactly(Rule.LET_IN);
    }

    @Test
    void checkWhenLateAndAlarmedThenExcused() {
        signIn("s");
        add(Operation.GET, presents("s", 1, "a"), answers(200, "s", 2, "b"), 3000, 1500);
        add(Operation.GET, presents("s", 1, "a"), status(401));
        alarms.add(new Alarm("refresh-stale", "s", 1));
        Verdict verdict = check(PROMISES);
        assertThat(verdict.violations()).isEmpty();
        assertThat(verdict.excused()).isEqualTo(2);
    }

    @Test
    void checkWhenAlarmedBeforeAnythingWasLateThenBad() {
        signIn("s");
        add(Operation.GET, presents("s", 1, "a"), status(401));
        alarms.add(new Alarm("refresh-stale", "s", 1));
        add(Operation.GET, presents("s", 1, "a"), answers(200, "s", 2, "b"), 3000, 1500);
        assertThat(rules()).containsExactly(Rule.LET_IN, Rule.NO_ALARM);
    }

    @Test
    void checkWhenAlarmedAndOnlyAnotherSessionWasLateThenBad() {
        signIn("s");
        signIn("other");
        add(Operation.GET, presents("other", 1, "a"), answers(200, "other", 2, "b"), 3000, 1500);
        add(Operation.GET, presents("s", 1, "a"), status(401));
        alarms.add(new Alarm("session-reused", "s", 1));
        assertThat(rules()).containsExactly(Rule.LET_IN, Rule.NO_ALARM);
    }

    @Test
    void checkWhenASignedOutSessionIsLetInThenBad() {
        signIn("s");
        add(Operation.SIGN_OUT, presents("s", 1, "a"), status(204));
        add(Operation.GET, presents("s", 1, "a"), status(200));
        assertThat(rules()).as("the news may be under way").isEmpty();
        now += LONG;
        add(Operation.GET, presents("s", 1, "a"), status(200));
        assertThat(rules()).containsExactly(Rule.KEPT_OUT);
    }

    @Test
    void checkWhenAnotherSessionEndedItThenBad() {
        signIn("s");
        signIn("other");
        add(exchange(Operation.END_OTHER, "s", presents("other", 1, "a"), status(204), 0, 0));
        now += LONG;
        add(Operation.GET, presents("other", 1, "a"), status(200));
        assertThat(rules()).isEmpty();
        add(Operation.REFRESH, presents("s", 1, "a"), answers(200, "s", 2, "b"));
        assertThat(rules()).containsExactly(Rule.KEPT_OUT);
    }

    @Test
    void checkWhenSignedOutEverywhereThenOnlyOlderSessionsAreOut() {
        signIn("s");
        signIn("other");
        add(Operation.SIGN_OUT_EVERYWHERE, presents("s", 1, "a"), status(204));
        now += LONG;
        signIn("young");
        add(Operation.GET, presents("young", 1, "a"), status(200));
        assertThat(rules()).isEmpty();
        add(Operation.GET, presents("young", 1, "a"), status(401));
        add(Operation.GET, presents("other", 1, "a"), status(200));
        assertThat(rules()).containsExactly(Rule.LET_IN, Rule.KEPT_OUT);
    }

    @Test
    void checkWhenSignedInOverThenTheOlderSessionIsOut() {
        signIn("s");
        add(Operation.SIGN_IN, presents("s", 1, "a"), answers(200, "young", 1, "a"));
        now += LONG;
        add(Operation.GET, presents("s", 1, "a"), status(200));
        assertThat(rules()).containsExactly(Rule.KEPT_OUT);
    }

    @Test
    void checkWhenAGenerationHasTwoParentsThenBad() {
        signIn("s");
        add(Operation.GET, presents("s", 1, "a"), answers(200, "s", 2, "b"));
        add(Operation.GET, presents("s", 1, "a"), answers(200, "s", 2, "c"));
        add(Operation.GET, presents("s", 2, "b"), answers(200, "s", 3, "d"));
        assertThat(rules()).isEmpty();
        add(Operation.GET, presents("s", 2, "c"), answers(200, "s", 3, "e"));
        assertThat(rules()).containsExactly(Rule.ONE_LINE);
        assertThat(check(FORGETFUL).violations()).isEmpty();
    }

    @Test
    void checkWhenAGenerationIsSkippedOrNotEarnedThenBad() {
        signIn("s");
        add(Operation.GET, presents("s", 1, "a"), answers(200, "s", 3, "b"));
        add(Operation.GET, Presented.NOTHING, answers(200, "s", 4, "c"));
        add(
                Operation.GET,
                presents("s", 3, "b"),
                new Reply(200, Optional.of(facts("s", 4, "x")), none(), false, false, ""));
        assertThat(rules()).hasSize(3).containsOnly(Rule.ONE_LINE);
    }

    @Test
    void checkWhenANewGenerationGoesToAnOldTokenThenBad() {
        signIn("s");
        add(Operation.GET, presents("s", 1, "a"), answers(200, "s", 2, "b"));
        add(Operation.GET, presents("s", 2, "b"), answers(200, "s", 3, "c"));
        add(Operation.GET, presents("s", 1, "a"), answers(200, "s", 2, "d"));
        assertThat(rules()).as("2 after 3").containsExactly(Rule.ONE_LINE);
    }

    @Test
    void checkWhenRedisIsAwayThenOnlyThenUnavailable() {
        signIn("s");
        add(Operation.GET, presents("s", 1, "a"), new Reply(503, none(), none(), false, true, ""));
        assertThat(rules()).containsExactly(Rule.ANSWERED);
        nemeses.add(new Nemesis(Kind.REDIS_AWAY, 0, now));
        assertThat(rules()).isEmpty();
        add(Operation.GET, presents("s", 1, "a"), status(503));
        assertThat(rules()).as("it must say when to come again").containsExactly(Rule.ANSWERED);
    }

    @Test
    void checkWhenThereIsNoAnswerOrAWrongOneThenBad() {
        signIn("s");
        for (int status : new int[] {0, 400, 403, 404, 429, 500, 502, 504}) {
            add(Operation.GET, presents("s", 1, "a"), status(status));
        }
        assertThat(rules()).hasSize(8).containsOnly(Rule.ANSWERED);
    }

    @Test
    void checkWhenARefusalTakesACookieThenBad() {
        signIn("s");
        add(Operation.SIGN_OUT, presents("s", 1, "a"), new Reply(204, none(), none(), true, false, ""));
        add(Operation.GET, presents("s", 1, "a"), new Reply(401, none(), none(), true, false, ""));
        assertThat(rules()).containsExactly(Rule.COOKIES_KEPT);
    }

    @Test
    void checkWhenAnotherUserIsServedThenBad() {
        signIn("s");
        add(Operation.GET, presents("s", 1, "a"), new Reply(200, none(), none(), false, false, "ada"));
        assertThat(rules()).isEmpty();
        add(Operation.GET, presents("s", 1, "a"), new Reply(200, none(), none(), false, false, "bea"));
        assertThat(rules()).containsExactly(Rule.RIGHT_CALLER);
    }

    @Test
    void checkWhenAUserIsTakenForAThiefThenBad() {
        signIn("s");
        add(Operation.GET, presents("s", 1, "a"), answers(200, "s", 2, "b"));
        alarms.add(new Alarm("refresh-stale", "s", 1));
        assertThat(rules()).containsExactly(Rule.NO_ALARM);
        assertThat(check(PROMISES).violations().get(0).toString()).contains("refresh-stale s:1", "#2");
    }

    @Test
    void reportWhenAPromiseDidNotHoldThenShowsWhatWentBeforeInThatSession() {
        signIn("s");
        signIn("other");
        add(Operation.GET, presents("s", 1, "a"), status(401));
        History history = new History(exchanges, nemeses, alarms);
        assertThat(Report.of(history, check(PROMISES).violations()))
                .contains("LET_IN", "#3 client (ada) GET access s:1/x refresh s:1/a -> 401", "SIGN_IN", "s:1/a")
                .doesNotContain("other");
    }

    private void signIn(String session) {
        add(Operation.SIGN_IN, Presented.NOTHING, answers(200, session, 1, "a"));
    }

    private void add(Operation operation, Presented presented, Reply reply) {
        add(operation, presented, reply, 0, 0);
    }

    private void add(Operation operation, Presented presented, Reply reply, long there, long back) {
        add(exchange(operation, "", presented, reply, there, back));
    }

    private void add(Exchange exchange) {
        exchanges.add(exchange);
        now += 20;
    }

    private Exchange exchange(
            Operation operation, String target, Presented presented, Reply reply, long there, long back) {
        Travel travel = new Travel(0, now, now + there, now + there, now + there + back, now, now + 10, false);
        return new Exchange(exchanges.size() + 1, "client", "ada", operation, target, presented, travel, reply);
    }

    private Verdict check(Invariants invariants) {
        return HistoryChecker.check(new History(exchanges, nemeses, alarms), invariants);
    }

    private List<Rule> rules() {
        return check(PROMISES).violations().stream().map(Violation::rule).toList();
    }

    private static Presented presents(String session, int generation, String branch) {
        return new Presented(
                Optional.of(facts(session, generation, "x")), Optional.of(facts(session, generation, branch)));
    }

    private static Reply answers(int status, String session, int generation, String branch) {
        return new Reply(
                status,
                Optional.of(facts(session, generation, "x")),
                Optional.of(facts(session, generation, branch)),
                false,
                false,
                "");
    }

    private static Reply status(int status) {
        return new Reply(status, none(), none(), false, false, "");
    }

    private static TokenFacts facts(String session, int generation, String branch) {
        return new TokenFacts(session, Instant.EPOCH, generation, branch);
    }

    private static Optional<TokenFacts> none() {
        return Optional.empty();
    }
}
