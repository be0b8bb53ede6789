package dev.latchkey.gateway.redis;

/**
 * What was seen of a master, by a clock of nanoseconds.
 *
 * @param everHadReplica whether it was seen with one
 * @param replicaSeen when it last was
 */
record ReplicaHistory(ServerInfo facts, boolean everHadReplica, long replicaSeen) {

    static ReplicaHistory of(ServerInfo facts, long now) {
        return new ReplicaHistory(facts, facts.hasReplica(), now);
    }

    /** This one and then the next; a server that took the place of another has no past here. */
    ReplicaHistory then(ReplicaHistory next) {
        boolean isSame = next.facts.history().equals(facts.history());
        return isSame && !next.everHadReplica ? new ReplicaHistory(next.facts, everHadReplica, replicaSeen) : next;
    }

    /** A lost replica counts a while longer: it may be on its way to take the master's place. */
    boolean hasReplica(long now) {
        return everHadReplica && now - replicaSeen < RedisServers.REMEMBERED.toNanos();
    }
}
