package dev.latchkey.gateway.problem;

import dev.latchkey.gateway.page.Template;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.HtmlUtils;

/** A problem in words for a person: what happened, whether what they sent arrived, and what they can do. */
final class ProblemPage {

    /** Beside the page, so that the form behind it stays filled in. */
    private static final String SIGN_IN =
            "<a class=\"button\" href=\"%s\" target=\"_blank\" rel=\"noopener\">Sign in in a new tab</a>";

    private static final String AGAIN = "<a class=\"button\" href=\"\">Try again</a>";
    private static final String START = "<a class=\"button quiet\" href=\"%s/\">To the start page</a>";

    private static final String SIGN_IN_ADVICE = "Sign in, come back to this tab, go back one page and send it again.";

    /** By the problem's name; for the others the title is enough. */
    private static final Map<String, String> ADVICE = Map.ofEntries(
            Map.entry("unauthenticated", SIGN_IN_ADVICE),
            Map.entry("invalid-token", "Your session has ended. " + SIGN_IN_ADVICE),
            Map.entry(
                    "insufficient-user-authentication",
                    "What you want to do needs a newer or a stronger sign-in. " + SIGN_IN_ADVICE),
            Map.entry("forbidden", "You are signed in, and your account lacks a role that this needs."),
            Map.entry(
                    "cross-site",
                    "Another website wanted this in your name. To do it yourself, open this site and do it there."),
            Map.entry("proof-awaited", "One moment: this page shows itself anew."),
            Map.entry(
                    "device-required",
                    "This part of the site is open only to browsers that bind a session to their device. Yours has not"
                            + " done so: use one that can, such as a current Chrome, and sign in there."),
            Map.entry(
                    "dpop-required",
                    "This part of the site is open only to programs that prove a key of their own, and to no browser."),
            Map.entry("not-found", "Check the address, or begin at the start page."),
            Map.entry(
                    "repeated-cookie",
                    "Delete the cookies of this site and of its neighbours in your browser, then sign in again."),
            Map.entry(
                    "unavailable",
                    "It could not be checked whether you may have this. If you were signed in, you still are."),
            Map.entry("circuit-open", "The part of this site that you want has failed several times."),
            Map.entry("backend-unknown", "The part of this site that you want cannot be found."),
            Map.entry("bad-gateway", "The part of this site that you want cannot be reached."),
            Map.entry("gateway-timeout", "The part of this site that you want took too long."));

    /** The problems from 500 on that arise before a backend is asked. */
    private static final Set<String> REJECTED = Set.of(
            "unavailable",
            "access-token-unavailable",
            "provider-error",
            "backend-unknown",
            "circuit-open",
            "loop-detected");

    private final Template template = Template.of("problem/problem.html");
    private final EndpointPaths paths;

    ProblemPage(EndpointPaths paths) {
        this.paths = paths;
    }

    /**
     * The whole page.
     *
     * @param requestId needs no escaping; null if the request has none
     * @param onlyReads whether the request carried nothing that could be lost
     * @param prefix before the paths of its links, a plain path or empty
     * @param wishes what the address of the sign-in page asks for, each parameter with its {@code &} before it
     */
    String html(Problem problem, @Nullable String requestId, boolean onlyReads, String prefix, String wishes) {
        return template.fill(Map.of(
                "title", title(problem),
                "sent", onlyReads ? "" : "<p class=\"alert\">" + sent(problem) + "</p>",
                "advice", ADVICE.getOrDefault(problem.name(), ""),
                "wait", problem.waitInWords().orElse(""),
                "link", link(problem, onlyReads, prefix, wishes),
                "stylesheet", prefix + paths.of(Endpoint.STYLESHEET),
                "status", Integer.toString(problem.status()),
                "type", problem.type(),
                "request", requestId == null ? "" : "<br>Request " + requestId));
    }

    /** A person does not know what a backend is, and need not know what could not be checked. */
    private static String title(Problem problem) {
        if (isUnauthenticated(problem) && !problem.equals(Problem.STEP_UP)) {
            return "You are signed out";
        }
        return problem.status() >= 500 ? "This is not working right now" : problem.title();
    }

    /** What the gateway rejected was not passed on; what failed later may have been. */
    private static String sent(Problem problem) {
        boolean isRejected = (problem.status() < 500 && problem.status() != 413) || REJECTED.contains(problem.name());
        return isRejected
                ? "Nothing was sent: what you entered has not been passed on."
                : "It is not known whether what you entered has arrived.";
    }

    private String link(Problem problem, boolean onlyReads, String prefix, String wishes) {
        if (isUnauthenticated(problem)) {
            String query = wishes.isEmpty() ? "" : "?" + HtmlUtils.htmlEscape(wishes.substring(1));
            return SIGN_IN.formatted(prefix + paths.of(Endpoint.SIGN_IN) + query);
        }
        boolean mayPass = onlyReads && (problem.retryAfter().isPresent() || problem.status() >= 500);
        return mayPass ? AGAIN : START.formatted(prefix);
    }

    private static boolean isUnauthenticated(Problem problem) {
        return problem.status() == 401;
    }
}
