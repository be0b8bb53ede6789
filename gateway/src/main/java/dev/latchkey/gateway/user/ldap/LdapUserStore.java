package dev.latchkey.gateway.user.ldap;

import dev.latchkey.gateway.token.Subject;
import dev.latchkey.gateway.user.Password;
import dev.latchkey.gateway.user.PasswordHash;
import dev.latchkey.gateway.user.store.HashChecks;
import dev.latchkey.gateway.user.store.StoreTroubleException;
import dev.latchkey.gateway.user.store.StoredUser;
import dev.latchkey.gateway.user.store.UserStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.ldap.NamingException;
import org.springframework.ldap.core.LdapOperations;
import org.springframework.ldap.core.LdapTemplate;
import org.springframework.ldap.core.support.BaseLdapPathContextSource;
import org.springframework.ldap.core.support.SingleContextSource;
import org.springframework.ldap.support.LdapUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Users of a directory. Whether a password is theirs, the directory says: the gateway binds with it (RFC 4513, section
 * 5.1.3). JNDI blocks, so all of it runs on threads of its own.
 */
final class LdapUserStore implements UserStore, DisposableBean {

    private static final int QUEUE = 200;
    private static final int IDLE_SECONDS = 60;

    /** Names in one filter: some directories refuse long ones. */
    private static final int NAMES_AT_ONCE = 50;

    /** Users whom one connection asks for, with a search for the groups of each where a filter finds them. */
    private static final int USERS_A_CONNECTION = 100;

    /**
     * Result codes of a bind (RFC 4511, appendix A) that mean that this user may not sign in with this password; each
     * other is trouble: constraintViolation (too many wrong passwords), noSuchObject, inappropriateAuthentication (no
     * password), invalidCredentials, insufficientAccessRights and unwillingToPerform (a locked account).
     */
    private static final Set<Integer> REFUSED = Set.of(19, 32, 48, 49, 50, 53);

    private static final Pattern CODE = Pattern.compile("error code (\\d{1,5})\\b");

    private final BaseLdapPathContextSource contexts;
    private final LdapUserSearch search;
    private final Scheduler threads;
    /** Half of the threads, so that people who sign in need not wait until all others were asked for. */
    private final int connectionsAtOnce;

    LdapUserStore(BaseLdapPathContextSource contexts, LdapUserProperties properties, Duration timeout) {
        this.contexts = contexts;
        this.search = new LdapUserSearch(contexts.getBaseLdapName(), properties, timeout);
        this.threads = Schedulers.newBoundedElastic(
                properties.threads(), Math.max(1, QUEUE / properties.threads()), "latchkey-ldap", IDLE_SECONDS, true);
        this.connectionsAtOnce = Math.max(1, properties.threads() / 2);
    }

    @Override
    public String name() {
        return "ldap";
    }

    @Override
    public Mono<Optional<StoredUser>> find(Subject subject) {
        return ask(() -> connected(directory ->
                search.users(directory, List.of(subject.value())).stream().findFirst()));
    }

    @Override
    public Flux<StoredUser> findAll(Collection<Subject> subjects) {
        return Flux.fromIterable(subjects)
                .map(Subject::value)
                .distinct()
                .buffer(USERS_A_CONNECTION)
                .flatMap(names -> ask(() -> connected(directory -> all(directory, names))), connectionsAtOnce)
                .flatMapIterable(found -> found);
    }

    private List<StoredUser> all(LdapOperations directory, List<String> names) {
        List<StoredUser> users = new ArrayList<>();
        for (int from = 0; from < names.size(); from += NAMES_AT_ONCE) {
            users.addAll(search.users(directory, names.subList(from, Math.min(names.size(), from + NAMES_AT_ONCE))));
        }
        return users;
    }

    /**
     * An empty password is never sent: a directory takes that for somebody who says no name, and agrees (RFC 4513,
     * section 5.1.2). For a name that is not there, the directory is asked for one that nobody has.
     */
    @Override
    public Mono<Boolean> matches(Optional<StoredUser> user, Password password, HashChecks hashes) {
        if (password.value().isEmpty() || password.value().indexOf('\0') >= 0) {
            return Mono.just(false);
        }
        Optional<String> name = user.map(known -> known.user().subject().value());
        return ask(() -> {
            Optional<String> dn = connected(directory -> name.flatMap(text -> search.dn(directory, text)));
            return binds(dn.orElseGet(search::nobody), password.value()) && dn.isPresent();
        });
    }

    private boolean binds(String dn, String password) {
        try {
            LdapUtils.closeContext(contexts.getContext(dn, password));
            return true;
        } catch (NamingException refused) {
            if (REFUSED.contains(code(refused))) {
                return false;
            }
            throw refused;
        }
    }

    @Override
    public boolean isWritable() {
        return false;
    }

    @Override
    public Mono<Boolean> replaceHash(StoredUser expected, PasswordHash next, String version) {
        return Mono.just(false);
    }

    /**
     * One connection for all that is asked. Not one of Spring LDAP's connections for reading: without a service account
     * those ask for no StartTLS. An answer that the directory cuts short is a failure: who is not in it may be there.
     */
    private <T> T connected(Function<LdapOperations, T> question) {
        SingleContextSource connection = new SingleContextSource(contexts.getReadWriteContext());
        try {
            LdapTemplate directory = new LdapTemplate(connection);
            directory.setIgnorePartialResultException(true);
            directory.setIgnoreSizeLimitExceededException(false);
            return question.apply(directory);
        } finally {
            connection.destroy();
        }
    }

    private <T> Mono<T> ask(Callable<T> question) {
        return Mono.fromCallable(question).subscribeOn(threads).onErrorMap(LdapUserStore::trouble);
    }

    private static int code(Throwable failure) {
        String message = String.valueOf(
                NestedExceptionUtils.getMostSpecificCause(failure).getMessage());
        Matcher code = CODE.matcher(message);
        return code.find() ? Integer.parseInt(code.group(1)) : 0;
    }

    /** The text of an error may show a DN; its code says what to look for. */
    private static Throwable trouble(Throwable failure) {
        if (failure instanceof StoreTroubleException) {
            return failure;
        }
        int code = code(failure);
        String type =
                NestedExceptionUtils.getMostSpecificCause(failure).getClass().getSimpleName();
        return new StoreTroubleException(code == 0 ? type : type + ", result code " + code, failure);
    }

    @Override
    public void destroy() {
        threads.dispose();
    }
}
