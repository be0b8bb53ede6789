package dev.latchkey.gateway.routes.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.reload.FileSnapshot;
import dev.latchkey.gateway.routes.TestRoutes;
import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.routes.parse.RoutesReader;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What two files mean beside each other, whatever they look like. */
final class RoutesComparisonTests {

    private static final String A = route("a", "path: /a/**", "access: required, audience: a");
    private static final String B = route("b", "path: /b/**", "access: public");
    private static final String ALL = route("all", "path: /**", "access: public");

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    access: required, audience: a   | access: required, audience: b             | entry.audience
                    access: required, audience: a   | access: optional, audience: a             | entry.access
                    access: required, audience: a   | access: required, audience: a, roles: [x] | entry.roles
                    access: required, roles: [x, y] | access: required, roles: [x]              | entry.roles
                    access: required     | access: public    | entry.access entry.audience
                    """)
    void diffWhenRuleDiffersThenTheFieldAndTheRequests(String before, String after, String fields) {
        RoutesDiff diff = diff(route("a", "path: /a/**", before), route("a", "path: /a/**", after));

        assertThat(kinds(diff)).containsExactly("a CHANGED");
        assertThat(names(diff)).containsExactlyInAnyOrder(fields.split(" ", -1));
        assertThat(diff.requests()).singleElement().satisfies(request -> {
            assertThat(request.methods()).containsExactly("GET");
            assertThat(request.urls()).containsExactly("/a/x", "/a");
            assertThat(request.before()).isNotEqualTo(request.after());
        });
    }

    @Test
    void diffWhenOnlyTheWritingDiffersThenNone() {
        String other = """
                # a comment
                version: 1
                routes:
                  - entry: { audience: "a", access: required }
                    match:
                      path:
                        - /a/**
                    to: http://127.0.0.1:1/
                    id: 'a'
                """;

        assertThat(RoutesComparison.of(read(file(A)), read(other)).isEmpty()).isTrue();
    }

    @Test
    void diffWhenAddedAndRemovedThenBothAreReported() {
        RoutesDiff diff = diff(A, B);

        assertThat(kinds(diff)).containsExactly("a REMOVED", "b ADDED");
        assertThat(requests(diff))
                .containsExactly(
                        "GET /b/x: 404, no route matches -> public",
                        "GET /b: 404, no route matches -> public",
                        "GET /a/x: required, audience a -> 404, no route matches",
                        "GET /a: required, audience a -> 404, no route matches");
    }

    @Test
    void diffWhenOnlyTheOrderDiffersThenTheFewestAreMoved() {
        String c = route("c", "path: /c", "access: public");
        assertThat(kinds(diff(A + B + c, c + A + B))).containsExactly("c MOVED");
        assertThat(diff(A + B + c, c + A + B).requests()).isEmpty();
    }

    @Test
    void diffWhenAWiderRouteMovesAboveThenNarrowPathsChangeHands() {
        String get = ALL.replace("/**", "/**, methods: [GET]");
        assertThat(requests(diff(A + get, get + A)))
                .containsExactly("GET /a/x: required, audience a -> public", "GET /a: required, audience a -> public");
    }

    @Test
    void diffWhenANarrowRouteIsAddedAboveThenOnlyItsPathsChangeHands() {
        assertThat(requests(diff(A, route("s", "path: /a/s", "access: public") + A)))
                .containsExactly("GET /a/s: required, audience a -> public");
    }

    @Test
    void diffWhenPatternsMeetOnlyInOnePlaceThenItIsTried() {
        String tail = route("tail", "path: /*/tail", "access: public");
        String head = route("head", "path: /head/*", "access: required, audience: head");

        assertThat(requests(diff(tail + head, head + tail)))
                .containsExactly("GET /head/tail: public -> required, audience head");
    }

    /** What it took by one method it may take by all from now on, or the other way round. */
    @Test
    void diffWhenMethodsAreLeftOutThenAnotherMethodIsTried() {
        String get = route("a", "path: /a/**, methods: [GET]", "access: public");
        String any = route("a", "path: /a/**", "access: public");
        String rest = route("rest", "path: /**", "access: required");

        assertThat(requests(diff(get + rest, any + rest)))
                .containsExactly(
                        "POST /a/x: required, audience rest -> public", "POST /a: required, audience rest -> public");
        assertThat(requests(diff(any + rest, get + rest)))
                .containsExactly(
                        "POST /a/x: public -> required, audience rest", "POST /a: public -> required, audience rest");
    }

    @Test
    void diffWhenMethodsAreLeftOutOnEveryHostThenNoHostIsShown() {
        String host = route("host", "path: /a/**, host: shop.example, methods: [GET]", "access: required");
        String wide = route("wide", "path: /a/s", "access: public");

        assertThat(requests(diff(host, wide + host)))
                .containsExactly(
                        "GET, POST /a/s: 404, no route matches -> public",
                        "GET shop.example/a/s: required, audience host -> public");
    }

    @Test
    void diffWhenAPatternBeginsWithAnythingThenItsEndIsTriedBelowOthers() {
        String end = route("end", "path: /**/keys", "access: public");
        String file = route("file", "path: '/**/*.html'", "access: public");
        String one = route("one", "path: '/b/{name}'", "access: required");

        assertThat(requests(diff(A + end, end + A))).containsExactly("GET /a/keys: required, audience a -> public");
        assertThat(requests(diff(A + file, file + A))).containsExactly("GET /a/x.html: required, audience a -> public");
        assertThat(requests(diff(one + end, end + one)))
                .containsExactly("GET /b/keys: required, audience one -> public");
        assertThat(requests(diff(end + file, file + end))).isEmpty();
        assertThat(diff(A + end, end + A).complete()).isTrue();
    }

    @Test
    void diffWhenMethodsOrHostPlayAPartThenTheyAreTried() {
        String post = route("post", "path: /a/**, methods: [POST, PUT]", "access: public");
        assertThat(requests(diff(A, post + A)))
                .containsExactly(
                        "POST, PUT /a/x: required, audience a -> public",
                        "POST, PUT /a: required, audience a -> public");

        String host = route("host", "path: /a/**, host: shop.example", "access: public");
        assertThat(requests(diff(A, host + A)))
                .containsExactly(
                        "GET shop.example/a/x: required, audience a -> public",
                        "GET shop.example/a: required, audience a -> public");
    }

    @Test
    void diffWhenAHostIsAddedThenItsRequestsChangeHands() {
        String one = route("host", "path: /a/**, host: shop.example", "access: public");
        String two = route("host", "path: /a/**, host: [www.shop.example, shop.example]", "access: public");

        assertThat(names(diff(one + A, two + A))).containsExactly("match.host");
        assertThat(requests(diff(one + A, two + A)))
                .containsExactly(
                        "GET www.shop.example/a/x: required, audience a -> public",
                        "GET www.shop.example/a: required, audience a -> public");
        String turned = route("host", "path: /a/**, host: [shop.example, WWW.shop.example]", "access: public");
        assertThat(diff(two, turned).isEmpty()).isTrue();
    }

    /** The dangerous way round: what was protected for one host or method becomes public. */
    @Test
    void diffWhenTheOtherRouteAsksForHostMethodOrHeaderThenThatIsTried() {
        String wide = route("wide", "path: /a/s/**", "access: public");
        String guarded = "access: required, audience: a";

        String host = route("host", "path: /a/**, host: shop.example", guarded);
        assertThat(requests(diff(host, wide + host)))
                .contains("GET shop.example/a/s/x: required, audience a -> public");

        String post = route("post", "path: /a/**, methods: [POST]", guarded);
        assertThat(requests(diff(post, wide + post))).contains("POST /a/s/x: required, audience a -> public");

        String header = route("header", "path: /a/**, headers: { X-Key: { present: true } }", guarded);
        assertThat(requests(diff(header, wide + header)))
                .contains("GET /a/s/x with x-key: required, audience a -> public");
    }

    @Test
    void diffWhenAWildcardMeetsWhatAnotherRouteNamesThenThatIsTried() {
        String wide = route("wide", "path: /*/health/**", "access: public");

        assertThat(requests(diff(A, wide + A))).contains("GET /a/health/x: required, audience a -> public");
    }

    @Test
    void diffWhenThereIsMoreThanIsTriedThenItSaysSo() {
        String hosts = IntStream.range(0, 20)
                .mapToObj(
                        number -> route("h" + number, "path: /a/**, host: h" + number + ".example", "access: required"))
                .collect(Collectors.joining());
        RoutesDiff diff = diff(hosts, route("wide", "path: /a/s", "access: public") + hosts);

        assertThat(diff.complete()).isFalse();
    }

    @Test
    void diffWhenHeadersOrParametersPlayAPartThenTheyAreTried() {
        String header = route("beta", "path: /**, headers: { X-Beta: { matches: '[0-9]+' } }", "access: public");
        assertThat(requests(diff(A, header + A)))
                .contains("GET /a/x with x-beta: required, audience a -> public")
                .allMatch(line -> line.contains(" with x-beta: "));

        String query = route("new", "path: /a, query: { v: '2' }", "access: public");
        assertThat(requests(diff(A, query + A))).containsExactly("GET /a?v: required, audience a -> public");
    }

    @Test
    void diffWhenAValueMayNoLongerBeThereThenItIsTried() {
        String without = route("old", "path: /a, headers: { X-New: { present: false } }", "access: required");
        String always = route("old", "path: /a", "access: required");

        assertThat(requests(diff(without + ALL, always + ALL)))
                .containsExactly("GET /a with x-new: public -> required, audience old");
    }

    /** The value may be a secret. */
    @Test
    void diffWhenAValueHoldsSignsOfAQueryThenItIsTriedAndNotShown() {
        String sum = route("sum", "path: /a, query: { v: 'a+b&c=d' }", "access: public");

        assertThat(requests(diff(A, sum + A))).containsExactly("GET /a?v: required, audience a -> public");
    }

    @Test
    void diffWhenNoWordFitsAnExpressionOfAValueThenSaysThatThereMayBeMore() {
        String odd = route("odd", "path: /a, headers: { X-Key: { matches: 'qq[0-9]+' } }", "access: public");
        RoutesDiff diff = diff(A, odd + A);

        assertThat(diff.requests()).isEmpty();
        assertThat(diff.complete()).isFalse();
    }

    /** Half of the clients never come as far as the route between. */
    @Test
    void diffWhenARouteStandsBetweenAGroupThenItsRuleAndThatOfTheFirstAreReported() {
        String one = route("one", "path: /w/**, weight: 1", "access: public");
        String between = route("between", "path: /w/x", "access: required");
        String two = route("two", "path: /w/**, weight: 1", "access: public");

        assertThat(requests(diff(one + two, one + between + two)))
                .containsExactly("GET /w/x: public -> public or required, audience between");
    }

    @Test
    void diffWhenAWeightDiffersThenTheFieldAndNoRequest() {
        String most = route("most", "path: /w, weight: 9", "access: public");
        String few = route("few", "path: /w, weight: 1", "access: public");
        RoutesDiff diff = diff(most + few, most + few.replace("weight: 1", "weight: 3"));

        assertThat(kinds(diff)).containsExactly("most CHANGED", "few CHANGED");
        assertThat(names(diff)).containsExactly("match.weight", "match.weight");
        assertThat(diff.requests()).isEmpty();
    }

    @Test
    void diffWhenAPartGetsAnotherRuleThenBothPartsAreReported() {
        String most = route("most", "path: /w, weight: 9", "access: public");
        String few = route("few", "path: /w, weight: 1", "access: public");

        assertThat(requests(diff(most + few, most + few.replace("public", "required"))))
                .containsExactly("GET /w: public -> public or required, audience few");
    }

    /** What opens a backend is compared, and not shown. */
    @Test
    void diffWhenAHeadersValueDiffersThenItIsSaidAndNotShown() {
        String one = B.replace("entry:", "rewrite: { request-headers: { set: { X-Key: sesame } } }, entry:");
        RoutesDiff diff = diff(one, one.replace("sesame", "simsim"));

        assertThat(names(diff)).containsExactly("rewrite.request-headers.set");
        assertThat(DiffText.of(diff).toString())
                .contains("[x-key] with another value, which is not shown")
                .doesNotContain("sesame", "simsim");
    }

    @Test
    void diffWhenPatternIsAnExpressionThenAWordThatFitsIsTried() {
        String number = route("number", "path: '/n/{id:[0-9]+}'", "access: public");
        assertThat(requests(diff(number, number.replace("public", "required"))))
                .containsExactly("GET /n/1: public -> required, audience number");

        String odd = route("odd", "path: '/n/{id:qq[0-9]+}'", "access: public");
        RoutesDiff diff = diff(odd, odd.replace("public", "required"));
        assertThat(kinds(diff)).containsExactly("odd CHANGED");
        assertThat(diff.complete()).as("says that it could not try").isFalse();
    }

    @Test
    void diffWhenRouteIsOnlyRenamedThenNoRequestChangesHands() {
        RoutesDiff diff = diff(B, B.replace("id: b", "id: other"));

        assertThat(kinds(diff)).containsExactly("b REMOVED", "other ADDED");
        assertThat(diff.requests()).isEmpty();
    }

    @Test
    void diffWhenTenThousandRoutesThenStillReported() {
        String before = many("access: public");
        RoutesDiff diff = RoutesComparison.of(
                read(before),
                read(before.replace("id: r7777, match: { path: /r7777/** }", "id: r7777, match: { path: /r/** }")));

        assertThat(kinds(diff)).containsExactly("r7777 CHANGED");
        assertThat(requests(diff)).hasSize(4);
        assertThat(diff.complete()).isTrue();
    }

    private static String many(String entry) {
        return file(IntStream.range(0, 10_000)
                .mapToObj(number -> route("r" + number, "path: /r" + number + "/**", entry))
                .collect(Collectors.joining()));
    }

    private static RoutesDiff diff(String before, String after) {
        return RoutesComparison.of(read(file(before)), read(file(after)));
    }

    private static RoutesFile read(String text) {
        return RoutesReader.read(new FileSnapshot(List.of(TestRoutes.text("routes.yml", text))))
                .fold(accepted -> accepted, faults -> {
                    throw new AssertionError(faults);
                });
    }

    private static String file(String routes) {
        return "version: 1\nroutes:\n" + routes;
    }

    private static String route(String id, String match, String entry) {
        return "  - { id: " + id + ", match: { " + match + " }, to: \"http://127.0.0.1:1\", entry: { " + entry
                + " } }\n";
    }

    private static List<String> kinds(RoutesDiff diff) {
        return diff.routes().stream()
                .map(route -> route.id() + " " + route.kind())
                .toList();
    }

    private static List<String> names(RoutesDiff diff) {
        return diff.routes().stream()
                .flatMap(route -> route.fields().stream())
                .map(RoutesDiff.FieldChange::name)
                .toList();
    }

    private static List<String> requests(RoutesDiff diff) {
        return diff.requests().stream()
                .flatMap(request -> request.urls().stream()
                        .map(url -> String.join(", ", request.methods()) + " " + url + ": "
                                + request.before().rule() + " -> "
                                + request.after().rule()))
                .toList();
    }
}
