package dev.latchkey.gateway.user;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ResourceLoader;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The users file, the thread that watches it, and the threads that hash passwords. */
@Configuration(proxyBeanMethods = false)
class UserConfiguration {

    /** A second's worth of hashes or so for each core: who waits longer is told to come back. */
    private static final int WAITING = 64;

    @Bean
    UsersFile usersFile(UsersProperties properties, ResourceLoader resources) {
        String file = properties.file();
        if (file == null || file.isBlank()) {
            throw new UsersFileException("latchkey.users.file must be set: it says who may sign in.");
        }
        UsersFile users = new UsersFile(resources.getResource(location(file)), file);
        users.load();
        return users;
    }

    /** A plain path is a file, not a class path resource. */
    private static String location(String file) {
        return file.matches("[a-z]{2,}:.*") ? file : "file:" + file;
    }

    @Bean(destroyMethod = "shutdownNow")
    ScheduledExecutorService usersFileWatch(UsersFile users, UsersProperties properties) {
        ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "users-file");
            thread.setDaemon(true);
            return thread;
        });
        long interval = properties.pollInterval().toMillis();
        ScheduledFuture<?> unused =
                watch.scheduleWithFixedDelay(users::refresh, interval, interval, TimeUnit.MILLISECONDS);
        return watch;
    }

    @Bean(destroyMethod = "dispose")
    Scheduler passwordHashing() {
        int threads = Runtime.getRuntime().availableProcessors();
        return Schedulers.newBoundedElastic(threads, WAITING, "password-hashing", 60, true);
    }

    @Bean
    UserDirectory userDirectory(UsersFile users, Scheduler passwordHashing) {
        return new FileUserDirectory(users, passwordHashing);
    }
}
