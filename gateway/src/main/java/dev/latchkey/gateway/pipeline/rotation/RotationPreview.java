package dev.latchkey.gateway.pipeline.rotation;

import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.session.ProviderClaims;
import dev.latchkey.gateway.session.SessionReader;
import dev.latchkey.gateway.session.SessionReader.State.Gone;
import dev.latchkey.gateway.session.SessionReader.State.Live;
import dev.latchkey.gateway.token.IdTokenClaims;
import dev.latchkey.gateway.token.RefreshClaims;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.user.User;
import dev.latchkey.gateway.user.UserDirectory;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * What {@link SessionRotation} would grant, asked by the same rules and without a rotation: no session goes on, ends or
 * is struck. Anyone who could not rotate learns nothing, not even why.
 */
@Component
public final class RotationPreview {

    private final SessionReader sessions;
    private final UserDirectory users;
    private final Denylist denylist;
    private final SessionProviders providers;

    RotationPreview(
            SessionReader sessions,
            UserDirectory users,
            Denylist denylist,
            ObjectProvider<SessionProviders> providers) {
        this.sessions = sessions;
        this.users = users;
        this.denylist = denylist;
        this.providers = providers.getIfAvailable(() -> SessionProviders.NONE);
    }

    /** Never fails: what could not be asked is an outcome. */
    public Mono<Preview> of(RefreshClaims presented) {
        return denylist.checkUser(presented.subject(), presented.authTime()).flatMap(answer -> switch (answer) {
            case ACCEPTED -> sessions.ofRotatable(presented).flatMap(state -> of(presented, state));
            case DENIED -> Mono.just(NotGranted.REFUSED);
            case UNAVAILABLE -> Mono.just(NotGranted.UNAVAILABLE);
        });
    }

    private Mono<Preview> of(RefreshClaims presented, SessionReader.State state) {
        if (state instanceof Live live) {
            return denylist.isRevoked(presented.subject(), presented.session(), presented.authTime())
                    ? Mono.just(NotGranted.REFUSED)
                    : unlessEnded(presented, live);
        }
        return Mono.just(
                switch ((Gone) state) {
                    case OVER -> NotGranted.REFUSED;
                    case LAPSED -> NotGranted.LAPSED;
                    case UNAVAILABLE -> NotGranted.UNAVAILABLE;
                });
    }

    /** Redis may have lost a revocation that nodes still know. */
    private Mono<Preview> unlessEnded(RefreshClaims presented, Live live) {
        return denylist.checkEnded(presented.session(), presented.authTime(), presented.expiresAt())
                .flatMap(answer -> switch (answer) {
                    case ACCEPTED -> ofUser(presented, live);
                    case DENIED -> Mono.just(NotGranted.REFUSED);
                    case UNAVAILABLE -> Mono.just(NotGranted.UNAVAILABLE);
                });
    }

    private Mono<Preview> ofUser(RefreshClaims presented, Live live) {
        return presented.subject().isOfProvider()
                ? Mono.just(granted(live, Optional.empty()))
                : users.find(presented.subject())
                        .map(found -> found.fold(
                                user -> granted(live, Optional.of(user)),
                                () -> NotGranted.REFUSED,
                                () -> NotGranted.UNAVAILABLE));
    }

    private Preview granted(Live live, Optional<User> user) {
        boolean hasNewPassword = user.filter(
                        known -> !live.session().credentialStamp().equals(known.credentialStamp()))
                .isPresent();
        Optional<ProviderClaims> said = live.session().provider();
        boolean isOfNobody = said.isEmpty() && user.isEmpty();
        boolean hasNoProvider = said.filter(
                        claims -> providers.recheck(claims.provider()).isEmpty())
                .isPresent();
        if (hasNewPassword || isOfNobody || hasNoProvider) {
            return NotGranted.REFUSED;
        }
        Roles roles =
                user.map(User::roles).or(() -> said.map(ProviderClaims::roles)).orElse(Roles.NONE);
        return new Granted(live, roles, said.map(RotationPreview::claims).orElse(IdTokenClaims.NONE));
    }

    private static IdTokenClaims claims(ProviderClaims said) {
        return new IdTokenClaims(said.name(), said.email(), said.authTime(), said.acr());
    }

    /** What a rotation would come to. */
    public sealed interface Preview {}

    /** It would be granted, with these roles. */
    public record Granted(Live live, Roles roles, IdTokenClaims provider) implements Preview {}

    /** It would not. */
    public enum NotGranted implements Preview {
        /** For a reason that its client need not know. */
        REFUSED,
        /** The session's OpenID Provider has lost it. */
        LAPSED,
        /** It could not be asked. */
        UNAVAILABLE
    }
}
