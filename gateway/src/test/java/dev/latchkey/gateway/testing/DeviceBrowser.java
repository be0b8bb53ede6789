package dev.latchkey.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.latchkey.gateway.proof.TestProofs;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A browser that binds its session to a key as Chromium does: its requests for that carry no {@code Origin} and no
 * fetch metadata, and it signs the newest challenge that it was sent.
 */
public final class DeviceBrowser {

    public static final String ACCESS = "latchkey-access";

    private static final String TYPE = "dbsc+jwt";
    private static final String REGISTRATION = "Secure-Session-Registration";
    private static final String CHALLENGE = "Secure-Session-Challenge";
    private static final Pattern OFFER =
            Pattern.compile("\\(ES256\\);path=\"(/auth/device/registration)\";challenge=\"([\\w-]+)\"");
    private static final Pattern CHALLENGED = Pattern.compile("\"([\\w-]+)\";id=\"([\\w-]+)\"");

    private final Browser browser;
    private final TestProofs key;
    private String offered = "";
    private String challenge = "";
    private String id = "";
    private String renewal = "/auth/device/refresh";

    private DeviceBrowser(Browser browser, TestProofs key) {
        this.browser = browser;
        this.key = key;
    }

    /** One whose user has just signed in, and whose session is not bound yet. */
    public static DeviceBrowser signedIn(Browser browser, String user) {
        DeviceBrowser device = new DeviceBrowser(browser, new TestProofs());
        HttpResponse<String> answer = browser.signIn(user, user);
        assertThat(answer.statusCode()).isEqualTo(200);
        device.offered = offer(answer).orElse("");
        return device;
    }

    /** The same, and bound. */
    public static DeviceBrowser bound(Browser browser, String user) {
        DeviceBrowser device = signedIn(browser, user);
        assertThat(device.register().statusCode()).isEqualTo(200);
        return device;
    }

    /** The challenge of the response to a sign-in that asks for a registration. */
    public static Optional<String> offer(HttpResponse<?> answer) {
        return answer.headers().firstValue(REGISTRATION).map(value -> {
            Matcher offer = OFFER.matcher(value);
            assertThat(offer.matches()).as(value).isTrue();
            return offer.group(2);
        });
    }

    /** Another, with the same key and cookies, before another node. */
    public DeviceBrowser at(String otherBase) {
        DeviceBrowser copy = new DeviceBrowser(browser.at(otherBase), key);
        copy.offered = offered;
        copy.challenge = challenge;
        copy.id = id;
        return copy;
    }

    public Browser browser() {
        return browser;
    }

    public TestProofs key() {
        return key;
    }

    /** The challenge of the sign-in. */
    public String offered() {
        return offered;
    }

    /** The newest challenge for a renewal. */
    public String challenge() {
        return challenge;
    }

    public String id() {
        return id;
    }

    /** Binds the session by the challenge of its sign-in. */
    public HttpResponse<String> register() {
        return learn(browser.send(registration(proofWithKey(offered))));
    }

    public HttpRequest.Builder registration(String proof) {
        return asked("/auth/device/registration").header("Secure-Session-Response", "\"" + proof + "\"");
    }

    /** The access cookie's life is over. */
    public void dropAccess() {
        Map<String, String> jar = browser.jar();
        jar.remove(ACCESS);
        browser.putBack(jar);
    }

    /** Renews as a browser does: with the challenge that it has, or else with the one that it is then sent. */
    public HttpResponse<String> renew() {
        HttpResponse<String> answer = learn(browser.send(renewal(challenge.isEmpty() ? null : proof(challenge))));
        return answer.statusCode() == 403 ? learn(browser.send(renewal(proof(challenge)))) : answer;
    }

    /** Asks for a renewal with this proof, or with none. */
    public HttpRequest.Builder renewal(@Nullable String proof) {
        HttpRequest.Builder request = asked(renewal).header("Sec-Secure-Session-Id", "\"" + id + "\"");
        return proof == null ? request : request.header("Secure-Session-Response", "\"" + proof + "\"");
    }

    private HttpRequest.Builder asked(String path) {
        HttpRequest.Builder request = browser.bare(path).POST(BodyPublishers.noBody());
        return browser.jar().isEmpty() ? request : request.header("Cookie", browser.cookies());
    }

    public String proof(String signed) {
        return key.sign(TestProofs.header(TYPE), Map.of("jti", signed));
    }

    /** A proof without the key that says it is of another kind. */
    public String bareProofAs(String type, String algorithm, String signed) {
        return key.sign(Map.of("typ", type, "alg", algorithm), Map.of("jti", signed));
    }

    /** A proof with the key that says it is of another kind. */
    public String proofAs(String type, String algorithm, String signed) {
        Map<String, Object> header = key.headerWithKey(type);
        header.put("alg", algorithm);
        return key.sign(header, Map.of("jti", signed));
    }

    /** A browser whose access cookie names the session, whether or not this one's still does. */
    public Browser named() {
        Browser named = browser.copy();
        Map<String, String> jar = named.jar();
        jar.putIfAbsent(ACCESS, String.valueOf(jar.getOrDefault("latchkey-refresh-0", jar.get("latchkey-refresh-1"))));
        named.putBack(jar);
        return named;
    }

    public String proofWithKey(String signed) {
        return key.sign(key.headerWithKey(TYPE), Map.of("jti", signed));
    }

    /** Keeps what an answer says of the session. */
    public HttpResponse<String> learn(HttpResponse<String> answer) {
        answer.headers().firstValue(CHALLENGE).ifPresent(value -> {
            Matcher sent = CHALLENGED.matcher(value);
            assertThat(sent.matches()).as(value).isTrue();
            challenge = sent.group(1);
        });
        if (answer.statusCode() == 200 && answer.body().contains("session_identifier")) {
            instructions(answer.body());
        }
        return answer;
    }

    private void instructions(String body) {
        try {
            Map<String, Object> told = JSONObjectUtils.parse(body);
            id = String.valueOf(told.get("session_identifier"));
            renewal = String.valueOf(told.get("refresh_url"));
        } catch (ParseException failure) {
            throw new AssertionError("no instructions: " + body, failure);
        }
    }
}
