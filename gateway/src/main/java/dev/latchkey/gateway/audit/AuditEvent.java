package dev.latchkey.gateway.audit;

import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.PublicSessionId;
import dev.latchkey.gateway.token.Subject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A security decision that may have to be explained later. No event holds a token, a password or a session id.
 *
 * @param facts what the event is about, by stable names, in the order in which a person reads it
 */
public record AuditEvent(AuditEventType type, List<Fact> facts) {

    private static final String COUNT = "count";
    private static final String ADDRESS = "address";
    private static final Fact ONCE = new Fact(COUNT, "1");
    private static final Set<String> OF_SOMEBODY = Set.of("subject", "session", "generation", ADDRESS);

    /** One thing that an event says. */
    public record Fact(String name, String value) {}

    /** Stable, for example {@code session-reused}. */
    public String name() {
        return type.word();
    }

    /** A session began. */
    public static AuditEvent signedIn(Subject subject, PublicSessionId session, String address) {
        return new AuditEvent(AuditEventType.SIGNED_IN, List.of(of(subject), of(session), ofAddress(address)));
    }

    /** A session began with an OpenID Provider. */
    public static AuditEvent signedIn(Subject subject, PublicSessionId session, ProviderName provider, String address) {
        return new AuditEvent(
                AuditEventType.SIGNED_IN, List.of(of(subject), of(session), of(provider), ofAddress(address)));
    }

    /** An OpenID Provider has reported that a session or a user there has ended, and what belongs to it was ended. */
    public static AuditEvent loggedOut(ProviderName provider) {
        return new AuditEvent(AuditEventType.PROVIDER_LOGOUT, List.of(of(provider)));
    }

    /**
     * A sign-in with an OpenID Provider was refused; for {@link RepeatedEvents}.
     *
     * @param reason a stable word, such as {@code rejected} or {@code insufficient}
     */
    public static AuditEvent signInRefused(ProviderName provider, String reason, String address) {
        return new AuditEvent(
                AuditEventType.SIGN_IN_REFUSED, List.of(of(provider), ofReason(reason), ofAddress(address), ONCE));
    }

    /**
     * A sign-in was refused; for {@link RepeatedEvents}.
     *
     * @param reason {@code credentials} or {@code attempts}
     */
    public static AuditEvent signInRefused(String reason, String address) {
        return new AuditEvent(AuditEventType.SIGN_IN_REFUSED, List.of(ofReason(reason), ofAddress(address), ONCE));
    }

    /**
     * A user changed their password.
     *
     * @param session the new one, in which they go on; or if none could begin, the one in which they asked
     */
    public static AuditEvent passwordChanged(Subject subject, PublicSessionId session, String address) {
        return new AuditEvent(AuditEventType.PASSWORD_CHANGED, List.of(of(subject), of(session), ofAddress(address)));
    }

    /**
     * A user wanted to change their password and could not; for {@link RepeatedEvents}.
     *
     * @param session in which they asked
     * @param reason {@code credentials}, {@code attempts} or {@code outdated}
     */
    public static AuditEvent passwordChangeRefused(
            Subject subject, PublicSessionId session, String reason, String address) {
        return new AuditEvent(
                AuditEventType.PASSWORD_CHANGE_REFUSED,
                List.of(of(subject), of(session), ofReason(reason), ofAddress(address), ONCE));
    }

    /**
     * A client tried to sign out, or to sign in over a session, by a token that does not prove the session to be
     * theirs; it was left as it is; for {@link RepeatedEvents}.
     *
     * @param reason {@code stale}, {@code revoked}, {@code expired}, {@code unknown}, or {@code access-token} if that
     *     was all, and not accepted
     */
    public static AuditEvent signOutRefused(Subject subject, PublicSessionId session, String reason) {
        return new AuditEvent(
                AuditEventType.SIGN_OUT_REFUSED, List.of(of(subject), of(session), ofReason(reason), ONCE));
    }

    /** A session was ended before its time. */
    public static AuditEvent sessionRevoked(Subject subject, PublicSessionId session, String reason) {
        return new AuditEvent(AuditEventType.SESSION_REVOKED, List.of(of(subject), of(session), ofReason(reason)));
    }

    /** The tokens of a session's OpenID Provider were lost, so that its user will have to sign in again. */
    public static AuditEvent sessionLapsed(Subject subject, PublicSessionId session, ProviderName provider) {
        return new AuditEvent(
                AuditEventType.SESSION_LAPSED,
                List.of(of(subject), of(session), new Fact("provider", provider.value())));
    }

    /** All sessions of a user were ended. */
    public static AuditEvent userRevoked(Subject subject, String reason) {
        return new AuditEvent(AuditEventType.USER_REVOKED, List.of(of(subject), ofReason(reason)));
    }

    /** A user has roles no more that they had (joined by commas), and goes on without. */
    public static AuditEvent rolesWithdrawn(Subject subject, String roles) {
        return new AuditEvent(AuditEventType.ROLES_WITHDRAWN, List.of(of(subject), new Fact("roles", roles)));
    }

    /** An old refresh token was presented and only refused; for {@link RepeatedEvents}. */
    public static AuditEvent staleRefresh(Subject subject, PublicSessionId session, Generation presented) {
        return new AuditEvent(AuditEventType.REFRESH_STALE, List.of(of(subject), of(session), of(presented), ONCE));
    }

    /**
     * A refresh token of a session that has ended was presented; for {@link RepeatedEvents}.
     *
     * @param reason why it has ended: by the word of its revocation, {@code expired-idle}, {@code expired-absolute},
     *     {@code lapsed}, or {@code revoked} or {@code unknown} if nothing says why
     */
    public static AuditEvent refreshRefused(Subject subject, PublicSessionId session, String reason) {
        return new AuditEvent(
                AuditEventType.REFRESH_REFUSED, List.of(of(subject), of(session), ofReason(reason), ONCE));
    }

    /** A request was refused because its user lacks a role that its route requires; for {@link RepeatedEvents}. */
    public static AuditEvent rolesRefused(Subject subject, String route) {
        return new AuditEvent(
                AuditEventType.REQUEST_REFUSED,
                List.of(of(subject), ofReason("roles"), new Fact("route", route), ONCE));
    }

    /**
     * A request was refused for what it is, no matter who sent it; for {@link RepeatedEvents}.
     *
     * @param reason {@code cross-site} or {@code ambiguous-path}
     * @param route by its id; empty if none was looked for
     */
    public static AuditEvent requestRefused(String reason, Optional<String> route, String address) {
        return new AuditEvent(
                AuditEventType.REQUEST_REFUSED,
                Stream.of(
                                Stream.of(ofReason(reason)),
                                route.map(id -> new Fact("route", id)).stream(),
                                Stream.of(ofAddress(address), ONCE))
                        .flatMap(facts -> facts)
                        .toList());
    }

    /**
     * A token of a session that is bound to a device was presented without the proof of its key that was needed, as a
     * copy of its cookies would; for {@link RepeatedEvents}.
     */
    public static AuditEvent proofMissing(Subject subject, PublicSessionId session) {
        return new AuditEvent(AuditEventType.PROOF_MISSING, List.of(of(subject), of(session), ONCE));
    }

    /** A session was bound to the device of its browser. */
    public static AuditEvent sessionBound(Subject subject, PublicSessionId session) {
        return new AuditEvent(AuditEventType.SESSION_BOUND, List.of(of(subject), of(session)));
    }

    /** The response that bound a session to a device was lost, and the session went on without. */
    public static AuditEvent sessionReleased(Subject subject, PublicSessionId session) {
        return new AuditEvent(AuditEventType.SESSION_RELEASED, List.of(of(subject), of(session)));
    }

    /** It was not lost: the device has proven itself after somebody else went on without, and only it goes on now. */
    public static AuditEvent sessionRebound(Subject subject, PublicSessionId session) {
        return new AuditEvent(AuditEventType.SESSION_REBOUND, List.of(of(subject), of(session)));
    }

    /**
     * A token that is bound to a client's key (RFC 9449) was presented without a proof of the key that is accepted, and
     * refused; the session was left as it is; for {@link RepeatedEvents}.
     *
     * @param reason {@code missing}, {@code malformed}, {@code other-key}, {@code other-request}, {@code not-now},
     *     {@code forged} or {@code replayed}
     */
    public static AuditEvent proofRefused(Subject subject, PublicSessionId session, String reason) {
        return new AuditEvent(AuditEventType.PROOF_REFUSED, List.of(of(subject), of(session), ofReason(reason), ONCE));
    }

    /** An old refresh token was presented again: two parties hold this session, and it was revoked. */
    public static AuditEvent sessionReused(Subject subject, PublicSessionId session, Generation presented) {
        return new AuditEvent(AuditEventType.SESSION_REUSED, List.of(of(subject), of(session), of(presented)));
    }

    /** Redis had lost acknowledged writes; the session went on with the newer generation. */
    public static AuditEvent sessionRecovered(Subject subject, PublicSessionId session, Generation presented) {
        return new AuditEvent(AuditEventType.SESSION_RECOVERED, List.of(of(subject), of(session), of(presented)));
    }

    /**
     * An operator has read or changed something, or tried to.
     *
     * @param actor by whose name they entered
     * @param action a stable word, such as {@code end-session}
     * @param outcome {@code success}, {@code cancelled} if they did not wait for what they wanted to read, or the name
     *     of the problem
     */
    public static AuditEvent adminAction(
            String actor, String action, String outcome, Optional<Subject> subject, Optional<PublicSessionId> session) {
        return new AuditEvent(
                AuditEventType.ADMIN_ACTION,
                Stream.of(
                                Stream.of(
                                        new Fact("actor", actor),
                                        new Fact("action", action),
                                        new Fact("outcome", outcome)),
                                subject.map(AuditEvent::of).stream(),
                                session.map(AuditEvent::of).stream())
                        .flatMap(facts -> facts)
                        .toList());
    }

    /**
     * Somebody wanted to enter as an operator and was refused; for {@link RepeatedEvents}.
     *
     * @param reason {@code missing}, {@code token}, {@code attempts}, {@code certificate} or {@code cross-site}
     */
    public static AuditEvent adminRefused(String reason, String address) {
        return new AuditEvent(AuditEventType.ADMIN_REFUSED, List.of(ofReason(reason), ofAddress(address), ONCE));
    }

    /**
     * Other routes are active than before.
     *
     * @param before the version before
     * @param after the active version
     */
    public static AuditEvent routesChanged(String before, String after) {
        return new AuditEvent(
                AuditEventType.ROUTES_CHANGED, List.of(new Fact("before", before), new Fact("after", after)));
    }

    /** This event, this many times. */
    AuditEvent times(long count) {
        return new AuditEvent(
                type,
                facts.stream()
                        .map(fact -> fact.name().equals(COUNT) ? new Fact(COUNT, Long.toString(count)) : fact)
                        .toList());
    }

    /** This event, with the network in place of the address. */
    AuditEvent from(String network) {
        return new AuditEvent(
                type,
                facts.stream()
                        .map(fact -> fact.name().equals(ADDRESS) ? ofAddress(network) : fact)
                        .toList());
    }

    /** This event, without the one who caused it. */
    AuditEvent ofAnyone() {
        return new AuditEvent(
                type,
                facts.stream()
                        .filter(fact -> !OF_SOMEBODY.contains(fact.name()))
                        .toList());
    }

    private static Fact of(Subject subject) {
        return new Fact("subject", subject.value());
    }

    private static Fact of(PublicSessionId session) {
        return new Fact("session", session.value());
    }

    private static Fact of(ProviderName provider) {
        return new Fact("provider", provider.value());
    }

    private static Fact of(Generation presented) {
        return new Fact("generation", Integer.toString(presented.number()));
    }

    private static Fact ofReason(String reason) {
        return new Fact("reason", reason);
    }

    private static Fact ofAddress(String address) {
        return new Fact(ADDRESS, address);
    }
}
