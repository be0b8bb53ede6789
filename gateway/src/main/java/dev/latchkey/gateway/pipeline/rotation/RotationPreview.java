package dev.latchkey.gateway.pipeline.rotation;

import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.pipeline.rotation.RotationOutcome.Refused;
import dev.latchkey.gateway.pipeline.rotation.RotationOutcome.Unavailable;
import dev.latchkey.gateway.session.ProviderClaims;
import dev.latchkey.gateway.session.SessionReader;
import dev.latchkey.gateway.session.SessionReader.State.Live;
import dev.latchkey.gateway.session.SessionReader.State.Over;
import dev.latchkey.gateway.token.IdTokenClaims;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.user.User;
import dev.latchkey.gateway.user.UserDirectory;
import dev.latchkey.gateway.user.UserLookup;
import java.util.Optional;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * What {@link SessionRotation} would grant, asked by the same rules and without a rotation: no session goes on or ends,
 * and nothing is counted as a replay. Anyone who could not rotate learns no more than by trying to.
 */
@Component
public final class RotationPreview {

    private static final Refused REVOKED = Refused.because(SessionEndReason.REVOKED);

    private final SessionReader sessions;
    private final UserDirectory users;
    private final Denylist denylist;
    private final SessionProviders providers;

    RotationPreview(
            SessionReader sessions, UserDirectory users, Denylist denylist, Optional<SessionProviders> providers) {
        this.sessions = sessions;
        this.users = users;
        this.denylist = denylist;
        this.providers = providers.orElse(SessionProviders.NONE);
    }

    /** Never fails: what could not be asked is an outcome. */
    public Mono<Preview> of(RefreshClaims presented) {
        return denylist.checkUser(presented.subject(), presented.authTime()).flatMap(answer -> switch (answer) {
            case ACCEPTED -> sessions.ofRotatable(presented).flatMap(state -> of(presented, state));
            case DENIED -> sessions.ofRotatable(presented).map(state -> ended(presented, state));
            case UNAVAILABLE -> Mono.just(new Unavailable());
        });
    }

    private Mono<Preview> of(RefreshClaims presented, SessionReader.State state) {
        if (state instanceof Over over) {
            return Mono.just(SessionEndReason.outcome(presented.session(), over.refused()));
        }
        return state instanceof Live live ? unlessRevoked(presented, live) : Mono.just(new Unavailable());
    }

    /** All sessions of the user have ended; what is left of this one says more. */
    private static Preview ended(RefreshClaims presented, SessionReader.State state) {
        return state instanceof Over over ? SessionEndReason.outcome(presented.session(), over.refused()) : REVOKED;
    }

    private Mono<Preview> unlessRevoked(RefreshClaims presented, Live live) {
        return denylist.isRevoked(presented.subject(), presented.session(), presented.authTime())
                ? Mono.just(REVOKED)
                : unlessEnded(presented, live);
    }

    /** Redis may have lost a revocation that nodes still know. */
    private Mono<Preview> unlessEnded(RefreshClaims presented, Live live) {
        return denylist.checkEnded(presented.session(), presented.authTime(), presented.expiresAt())
                .flatMap(answer -> switch (answer) {
                    case ACCEPTED -> ofUser(presented, live);
                    case DENIED -> Mono.just(REVOKED);
                    case UNAVAILABLE -> Mono.just(new Unavailable());
                });
    }

    private Mono<Preview> ofUser(RefreshClaims presented, Live live) {
        return presented.subject().isOfProvider()
                ? Mono.just(granted(live, Optional.empty()))
                : users.find(presented.subject())
                        .flatMap(found -> isOther(found, live) ? users.findNow(presented.subject()) : Mono.just(found))
                        .map(found -> found.fold(
                                user -> granted(live, Optional.of(user)), () -> REVOKED, () -> new Unavailable()));
    }

    /** Then what was found may be older than the session. */
    private static boolean isOther(UserLookup found, Live live) {
        return found.fold(user -> !SessionRotation.isOf(user, live.session()), () -> false, () -> false);
    }

    private Preview granted(Live live, Optional<User> user) {
        boolean hasNewPassword = user.filter(known -> !SessionRotation.isOf(known, live.session()))
                .isPresent();
        Optional<ProviderClaims> said = live.session().provider();
        boolean isOfNobody = said.isEmpty() && user.isEmpty();
        boolean hasNoProvider = said.filter(
                        claims -> providers.recheck(claims.provider()).isEmpty())
                .isPresent();
        if (hasNewPassword || isOfNobody || hasNoProvider) {
            return REVOKED;
        }
        Roles roles =
                user.map(User::roles).or(() -> said.map(ProviderClaims::roles)).orElse(Roles.NONE);
        return new Granted(live, roles, said.map(SessionRotation::claims).orElse(IdTokenClaims.NONE));
    }

    /** What a rotation would come to: granted, or refused or unavailable as a rotation would be. */
    public sealed interface Preview permits Granted, Refused, Unavailable {}

    /** It would be granted, with these roles. */
    public record Granted(Live live, Roles roles, IdTokenClaims provider) implements Preview {}
}
