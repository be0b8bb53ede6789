package dev.latchkey.gateway;

import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingMethod;
import reactor.blockhound.BlockingOperationError;
import reactor.blockhound.integration.BlockHoundIntegration;

/**
 * What libraries do on event loops that counts as blocking and lasts moments: named here one by one, so that BlockHound
 * reports every other blocking call of a test.
 */
public final class LibraryLocks implements BlockHoundIntegration {

    /** Lettuce guards its command queue while a connection comes or goes. */
    private static final String COMMAND_QUEUE = "io.lettuce.core.protocol.SharedLock";

    /**
     * Lettuce asks before each command how many wait for a connection, and that queue has one lock. A report of a wait
     * for it has the same consequence as for {@link #COMMAND_METHODS}.
     */
    private static final String ENDPOINT = "io.lettuce.core.protocol.DefaultEndpoint";

    /**
     * Lettuce sets up and notes a connection to a node of a cluster once it is made. Where this is reported, the
     * connection counts as failed, and with it the call that needed it.
     */
    private static final String CLUSTER_CONNECTIONS = "io.lettuce.core.cluster.PooledClusterConnectionProvider";

    private static final String CLUSTER_NODES = CLUSTER_CONNECTIONS + "$NodeConnectionPostProcessor";

    /**
     * Lettuce looks up the methods of its synchronous commands under one lock for all connections. Where a wait for it
     * is reported, the report leaves a dead place in the lock's queue, and every thread behind it waits for ever.
     */
    private static final String COMMAND_METHODS = "io.lettuce.core.internal.AbstractInvocationHandler$MethodTranslator";

    /**
     * Each thread of Reactor's schedulers has a queue of what is due later, with one lock. Reactor allows to add to it
     * and to take from it; a time limit that was not needed is removed as well, on whichever thread the answer came. A
     * report has the same consequence as for {@link #COMMAND_METHODS}: no time limit of that thread ends any more.
     */
    private static final String TIMERS = "java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue";

    /** {@code /dev/urandom}, which answers at once. */
    private static final String RANDOM = "sun.security.provider.NativePRNG$RandomIO";

    /**
     * Netty's buffers are shared between threads that have no loop of their own. Where this is reported, a connection
     * to Redis never finishes its handshake, and the report is lost.
     */
    private static final String BUFFERS = "io.netty.buffer.AdaptivePoolingAllocator";

    /** RSA's blinding factors are shared by all that sign with one key; two signatures at once wait for each other. */
    private static final String RSA = "sun.security.rsa.RSACore";

    /** Caffeine puts a value beside one that another thread is just evicting, and looks again until it is gone. */
    private static final String CACHE = "com.github.benmanes.caffeine.cache.BoundedLocalCache";

    /**
     * MongoDB's driver counts its connections and notes who waits for a server under locks. Where this is reported, a
     * connection that failed is counted for ever, and after a few of them none is made any more.
     */
    private static final String MONGODB = "com.mongodb.internal.Locks";

    /** It guards what has arrived on a connection, while that ends or falls silent. */
    private static final String MONGODB_STREAM = "com.mongodb.internal.connection.netty.NettyStream";

    /**
     * Tests collect in it what they see on event loops; it has no bound there, so that its lock is all they wait for. A
     * report of that has the same consequence as for {@link #COMMAND_METHODS}.
     */
    private static final String QUEUE = "java.util.concurrent.LinkedBlockingQueue";

    /** What catches the error may say nothing of it, and not even answer. */
    private static void report(BlockingMethod method) {
        BlockingOperationError error = new BlockingOperationError(method);
        error.printStackTrace();
        throw error;
    }

    @Override
    public void applyTo(BlockHound.Builder builder) {
        builder.allowBlockingCallsInside(COMMAND_QUEUE, "incrementWriters")
                .allowBlockingCallsInside(COMMAND_QUEUE, "doExclusive")
                .allowBlockingCallsInside(COMMAND_QUEUE, "lockWritersExclusive")
                .allowBlockingCallsInside(ENDPOINT, "validateWrite")
                .allowBlockingCallsInside(CLUSTER_CONNECTIONS, "lambda$getWriteConnection$1")
                .allowBlockingCallsInside(CLUSTER_NODES, "lambda$apply$4")
                .allowBlockingCallsInside(COMMAND_METHODS, "of")
                .allowBlockingCallsInside(TIMERS, "remove")
                .allowBlockingCallsInside(RANDOM, "readFully")
                .allowBlockingCallsInside(RSA, "getBlindingRandomPair")
                .allowBlockingCallsInside(BUFFERS, "allocate")
                .allowBlockingCallsInside(BUFFERS + "$Magazine", "free")
                .allowBlockingCallsInside(CACHE, "put")
                .allowBlockingCallsInside(QUEUE, "offer")
                .allowBlockingCallsInside(MONGODB, "checkedWithLock")
                .allowBlockingCallsInside(MONGODB, "lockInterruptibly")
                .allowBlockingCallsInside(MONGODB_STREAM, "readAsync")
                .blockingMethodCallback(LibraryLocks::report);
    }
}
