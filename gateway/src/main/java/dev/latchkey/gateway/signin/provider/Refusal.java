package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.signin.attempts.AttemptLimiter;
import java.util.Locale;

/** Why a sign-in with a provider ended without a session, and what its user is told. */
@SuppressWarnings("ImmutableEnumChecker") // A problem is a record of immutable values.
enum Refusal {
    /** No attempt of this browser, or one whose state was used. */
    UNKNOWN(
            Problem.SIGN_IN_UNKNOWN,
            "This sign-in has ended",
            "It was finished in another tab, or it was not begun in this browser."),
    /** It took too long, twice. */
    EXPIRED(Problem.SIGN_IN_UNKNOWN, "This sign-in took too long", "For your safety it ends after ten minutes."),
    DENIED(Problem.SIGN_IN_DENIED, "You are not signed in", "%s did not sign you in, or you did not want it to."),
    REJECTED(
            Problem.SIGN_IN_REJECTED,
            "This sign-in was stopped",
            "What came back is not what %s should have answered. Nobody was signed in."),
    INSUFFICIENT(
            Problem.SIGN_IN_INSUFFICIENT,
            "This sign-in does not suffice",
            "What you want to do needs a newer or a stronger sign-in than the one that %s did."),
    NO_ACCOUNT(
            Problem.ACCOUNT_NOT_ACCEPTED,
            "You cannot sign in here",
            "%s knows you, but your account is not known here."),
    /** What the provider says of the user is not what this gateway needs. */
    UNUSABLE_CLAIMS(
            Problem.ACCOUNT_NOT_ACCEPTED,
            "You cannot sign in here",
            "What %s says of your account cannot be used here. Tell the operator of this site, whose log says why."),
    TOO_MANY_ROLES(
            Problem.ACCOUNT_NOT_ACCEPTED,
            "You cannot sign in here",
            "%s lists more roles of your account than a browser can keep. Tell the operator of this site."),
    /** By one user within an hour, or from one address; how long to wait is said where it is known. */
    ATTEMPTS(
            Problem.tooManyAttempts(AttemptLimiter.NAME_WINDOW),
            "Too many sign-ins",
            "There were too many sign-ins with %s lately, by you or from your network."),
    MISCONFIGURED(
            Problem.PROVIDER_ERROR,
            "This is not working right now",
            "This site and %s do not understand each other. Tell the operator of this site."),
    UNAVAILABLE(Problem.PROVIDER_UNAVAILABLE, "This is not working right now", "%s cannot be reached."),
    /** Redis does not answer. */
    NOT_NOW(Problem.UNAVAILABLE, "This is not working right now", "It could not be checked whether you may sign in.");

    private final Problem problem;
    private final String title;
    private final String sentence;

    Refusal(Problem problem, String title, String sentence) {
        this.problem = problem;
        this.title = title;
        this.sentence = sentence;
    }

    /** For programs, and the status for all. */
    Problem problem() {
        return problem;
    }

    String title() {
        return title;
    }

    /** @param label what users call the provider */
    String sentence(String label) {
        return sentence.formatted(label);
    }

    /** Whether it says nothing about the user or the code. */
    boolean isTrouble() {
        return this == UNAVAILABLE || this == NOT_NOW;
    }

    /** As it stands in meters and in the audit log. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
