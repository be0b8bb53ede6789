/*
 * The rotation of one session that is bound to the key of a device, for the model checker Spin. README.md beside this file says
 * how to run it, what it shows and what it does not; rotation.pml has all that is the same for other sessions.
 *
 * A browser signs in, registers its key, and from there renews by proofs. It does one thing at a time, because it holds its
 * requests meanwhile; what it sends and gets may be lost. A thief copies what the browser has, and all that it has ever sent and got,
 * but not the key; with JAR, its cookies and the proofs that it has sent, and no older answer.
 *
 * FAULTS is how much is lost in all, FAILOVERS how often Redis loses what was not waited for, SHORT how often a renewal is answered
 * although no replica has confirmed it, THIEF how many requests a thief sends, EXPIRIES how often a challenge ends before it is
 * signed, as while a laptop sleeps, and QUOTA how often the browser asks without a proof, because it does not sign for a while.
 */
#ifndef GRACE
#define GRACE       2
#endif
#ifndef REGISTRATION
#define REGISTRATION 2  /* so long after the sign-in a session can be bound */
#endif
#ifndef ACTIONS
#define ACTIONS     7   /* of the browser in all */
#endif
#ifndef FAULTS
#define FAULTS      1
#endif
#ifndef FAILOVERS
#define FAILOVERS   0
#endif
#ifndef THIEF
#define THIEF       0
#endif
#ifndef JAR
#define JAR         0
#endif
#ifndef EXPIRIES
#define EXPIRIES    0
#endif
#ifndef QUOTA
#define QUOTA       0
#endif
#ifndef WALK
#define WALK        0   /* for walks at random: each step is written down */
#endif
#ifndef SHORT
#define SHORT       0
#endif

#define UNSET   255
#define NOBODY  0
#define OWNER   1
#define ROBBER  2

typedef Record {
    byte gen = 1;
    byte forked;        /* age of this generation, at most GRACE */
    byte used = UNSET;  /* age of the first use of one of its tokens, at most GRACE, or UNSET */
    byte bound;         /* by whose key */
    byte kept;          /* the same of one that was released */
    byte strike;        /* the newest old generation that was presented and only refused; how long ago the first was of */
    byte struck;        /* those above `spent`, at most 2 * GRACE; and up to which generation none is only refused any more */
    byte spent;
    bool ended          /* by another */
}
Record redis, replica;
byte created;           /* age of the session, at most REGISTRATION */

mtype = { GRANTED_BOTH, GRANTED_ACCESS, UNPROVEN, STALE, REUSED, REVOKED };
mtype = { PLAIN, REGISTERS, RENEWS };

/* The browser. */
byte token = 1;         /* the generation of its newest refresh token */
byte access;            /* and that of its access token; 0 where that has ended */
byte challenge;         /* the generation that it is to sign next; 0 is none */
bool isBound;           /* whether it has got the answer to its registration */
bool first = true;      /* whether it has a refresh token of the first generation */
bool isOffered = true;  /* whether it has the challenge of its sign-in */
bool loosed;            /* whether it goes on without a key after the response to its registration was lost */
byte locked = UNSET;    /* how long ago it was first refused, at most 2 * GRACE, or UNSET */

/* The thief. */
bool stolen;
bool robbed;            /* whether he has asked while no key was asked for, so that it is the rotation of any other session */
bool firm;              /* whether the browser has used what its registration brought, so that nobody can have it released */
byte since;             /* ticks since both, or with JAR since the theft; at most GRACE + 1 */
byte loot, booty;       /* the generations of his refresh and access tokens */
int proofs;             /* the generations whose proofs the gateway had seen by then, a bit each */

int seen;               /* the same until now */
byte actions = ACTIONS, faults = FAULTS, failovers = FAILOVERS, presents = THIEF, expiries = EXPIRIES;
byte quota = QUOTA, shortfalls = SHORT;

hidden mtype row, kind;
hidden byte p, c, told, i;
hidden byte released, binds, isCurrent;
hidden Record saved;

#define MAX(a, b)       ((a) > (b) -> (a) : (b))
#define AT_MOST(m, a)   ((a) > (m) -> (m) : (a))
/* The challenge that comes with a 403. */
#define TOLD            MAX(p, redis.gen)
#define COUNTED         (redis.struck >= 2 * GRACE -> redis.strike : redis.spent)
#define FORGIVEN        (p == redis.gen - 1 && (redis.used == UNSET || redis.used < GRACE))

inline copy(to, from) {
    to.gen = from.gen; to.forked = from.forked; to.used = from.used; to.bound = from.bound; to.kept = from.kept;
    to.strike = from.strike; to.struck = from.struck; to.spent = from.spent; to.ended = from.ended
}

/* That is waited for. */
inline ends() {
    redis.ended = true; redis.bound = NOBODY; redis.kept = NOBODY;
    redis.strike = 0; redis.struck = 0; redis.spent = 0; redis.forked = 0; redis.used = UNSET;
    copy(replica, redis)
}

/* rotate.lua: p is presented, with a proof by this key of the challenge of generation c, or NOBODY's. */
inline rotate(key, registers) {
    released = redis.bound != NOBODY && key == NOBODY && p == 1 && redis.gen == 2 && redis.used == UNSET;
    redis.kept = (released -> redis.bound : redis.kept);
    redis.bound = (released -> NOBODY : redis.bound);
    binds = (registers) && redis.bound == NOBODY && p == 1 && redis.gen == 1 && created < REGISTRATION;
    binds = binds || !(registers) && key != NOBODY && key == redis.kept && c == MAX(p, redis.gen);
    redis.kept = (binds -> NOBODY : redis.kept);
    redis.bound = (binds -> key : redis.bound);
    isCurrent = redis.bound != NOBODY && c == MAX(p, redis.gen);
    told = TOLD;
    if
    :: redis.ended -> row = REVOKED
    :: !redis.ended && redis.bound != key -> row = UNPROVEN
    :: redis.bound == key && redis.bound != NOBODY && !isCurrent &&
            (p > redis.gen || c != redis.gen - 1 || redis.forked >= GRACE) -> row = UNPROVEN
    :: else ->
        if
        :: p > redis.gen -> redis.gen = p; redis.forked = 0; redis.used = UNSET
        :: else
        fi;
        if
        :: isCurrent || redis.bound == NOBODY && p == redis.gen && redis.forked >= GRACE ->
            redis.gen++; redis.forked = 0; redis.used = UNSET;
            row = GRANTED_BOTH
        :: !isCurrent && p == redis.gen && (redis.bound != NOBODY || redis.forked < GRACE) ->
            redis.used = (redis.used == UNSET -> 0 : redis.used);
            row = GRANTED_ACCESS
        :: !isCurrent && p < redis.gen && (redis.bound != NOBODY || FORGIVEN) ->
            redis.forked = (redis.bound == NOBODY -> 0 : redis.forked);
            row = GRANTED_BOTH
        :: else ->
            if
            :: p > COUNTED ->
                redis.spent = COUNTED;
                redis.struck = (redis.struck >= 2 * GRACE -> 0 : redis.struck);
                redis.strike = MAX(p, redis.strike);
                row = (redis.kept != NOBODY && p == 2 -> UNPROVEN : STALE)
            :: else -> row = REUSED; ends()
            fi
        fi
    fi
}

inline gets() {
    if
    :: row == GRANTED_BOTH -> token = redis.gen; access = redis.gen
    :: row == GRANTED_ACCESS -> access = redis.gen
    :: else
    fi
}

/* On a walk, what the scripts have to answer alike. */
#define SAY(what)       if :: WALK -> printf(what) :: else fi

inline writes(key, registers) {
    if
    :: WALK -> printf("rotate %d %d %d %d %e %d %d %d\n", p, key, c, (registers), row, redis.gen, released, binds)
    :: else
    fi
}

/* The browser asks; whether its request, or its answer, gets lost is the checker's to try. */
inline asks(what, key) {
    kind = what; p = token;
    rotate(key, kind == REGISTERS);
    writes(key, kind == REGISTERS);
    seen = (key == OWNER && kind == RENEWS -> seen | (1 << c) : seen)
}

/* What binds, what is released and what a proof rotates is on the replica when the answer leaves. */
inline replicate(isWaitedFor) {
    if
    :: (isWaitedFor) && row == GRANTED_BOTH && (binds || released || kind == RENEWS) -> copy(replica, redis);
        SAY("replicate\n")
    :: else
    fi
}

inline hears(isWaitedFor) {
    gets();
    replicate(isWaitedFor);
    if
    :: kind == REGISTERS ->
        isOffered = false;
        isBound = row == GRANTED_BOTH;
        first = !isBound && first;
        challenge = (isBound -> redis.gen : 0)
    :: kind == RENEWS && (row == GRANTED_BOTH || row == GRANTED_ACCESS) ->
        challenge = redis.gen;
        firm = firm || isWaitedFor
    /* 403 with a challenge, or where nothing is bound any more the word that it is over. */
    :: kind == RENEWS && row == UNPROVEN ->
        challenge = told;
        isBound = redis.bound != NOBODY || redis.kept != NOBODY
    :: kind == RENEWS && row == REVOKED -> isBound = false
    :: kind == PLAIN && (row == GRANTED_BOTH || row == GRANTED_ACCESS) -> loosed = loosed || released
    /*
     * Without an access token and without a key there is nothing left but to sign in: the owner comes here only where somebody else
     * goes on in its place, and then that one is found out.
     */
    :: kind == PLAIN && row != GRANTED_BOTH && row != GRANTED_ACCESS ->
        assert(robbed);
        assert(locked < 2 * GRACE || locked == UNSET || redis.ended);
        locked = (locked == UNSET -> 0 : locked)
    fi
}

#define MAY_ASK (actions > 0 && access == 0)

proctype Browser() {
    end:
    do
    :: d_step { actions > 0 && access != 0 -> actions--; access = 0 }
    /* With its access token: the gateway confirms the generation. */
    :: d_step {
        actions > 0 && access != 0 && access == redis.gen ->
        actions--;
        redis.used = (redis.used == UNSET -> 0 : redis.used);
        SAY("confirm\n");
        firm = firm || FAILOVERS == 0 && isBound && redis.bound == OWNER
       }
    :: d_step { actions > 0 && isOffered -> actions--; c = 1; asks(REGISTERS, OWNER); hears(true) }
    :: d_step { actions > 0 && isOffered && faults > 0 -> actions--; faults--; isOffered = false; c = 1; asks(REGISTERS, OWNER) }
    :: d_step { MAY_ASK && isBound -> actions--; c = challenge; asks(RENEWS, OWNER); hears(true) }
    :: d_step { MAY_ASK && isBound && shortfalls > 0 -> actions--; shortfalls--; c = challenge; asks(RENEWS, OWNER); hears(false) }
    :: d_step { MAY_ASK && isBound && quota > 0 -> actions--; quota--; c = 0; asks(PLAIN, NOBODY); gets() }
    :: d_step { MAY_ASK && isBound && faults > 0 -> actions--; faults--; c = challenge; asks(RENEWS, OWNER) }
    :: d_step { MAY_ASK && !isBound -> actions--; c = 0; asks(PLAIN, NOBODY); hears(true) }
    :: d_step { MAY_ASK && !isBound && faults > 0 -> actions--; faults--; c = 0; asks(PLAIN, NOBODY) }
    :: d_step { expiries > 0 && challenge != 0 -> expiries--; challenge = 0 }
    od
}

/* He takes everything once its browser has the answer that bound the session, or goes on without. */
#define MAY_STEAL (!stolen && (isBound || loosed && !JAR))
#define HAS_FIRST (presents > 0 && loot > 0 && (!JAR || first))

inline steals(key, registers) {
    presents--;
    rotate(key, registers);
    writes(key, registers);
    robbed = robbed || redis.bound == NOBODY;
    if
    :: row == GRANTED_BOTH || row == GRANTED_ACCESS ->
        assert(since <= GRACE);
        loot = (row == GRANTED_BOTH -> MAX(loot, redis.gen) : loot);
        booty = redis.gen;
        kind = PLAIN;
        replicate(true)
    :: else
    fi
}

#if THIEF
proctype Thief() {
    end:
    do
    :: d_step { MAY_STEAL -> stolen = true; loot = token; booty = access; proofs = seen }
    :: d_step { presents > 0 && loot > 0 -> p = loot; c = 0; steals(NOBODY, false) }
    :: d_step { HAS_FIRST -> p = 1; c = 0; steals(NOBODY, false) }
    :: d_step { presents > 0 && loot > 2 -> p = loot - 1; c = 0; steals(NOBODY, false) }
    :: d_step { presents > 0 && loot > 0 -> p = loot; c = MAX(loot, redis.gen); steals(ROBBER, false) }
    :: d_step { HAS_FIRST -> p = 1; c = 1; steals(ROBBER, true) }
    :: d_step { HAS_FIRST -> p = 1; c = 1; steals(OWNER, true) }
    :: d_step { presents > 0 && loot > 0 && (proofs & (1 << redis.gen)) -> p = loot; c = redis.gen; steals(OWNER, false) }
    :: d_step { presents > 0 && loot > 0 && (proofs & (1 << (redis.gen - 1))) -> p = loot; c = redis.gen - 1; steals(OWNER, false) }
    :: d_step {
        presents > 0 && loot > 2 && (proofs & (1 << (redis.gen - 1))) ->
        p = loot - 1; c = redis.gen - 1; steals(OWNER, false)
       }
    :: d_step { booty != 0 && booty == redis.gen && redis.used == UNSET -> redis.used = 0; SAY("confirm\n") }
    od
}
#endif

/*
 * At rest the owner is granted what it asks for, whatever a thief does: with a key by the challenge that comes with a 403. Asked of a
 * copy. A thief who was let in without a key can end the session, as its owner could; and take the place of an owner without one.
 */
inline goes_on() {
    copy(saved, redis);
    p = token;
    if
    :: isBound -> c = TOLD; rotate(OWNER, false)
    :: else -> c = 0; rotate(NOBODY, false)
    fi;
    assert(row == GRANTED_BOTH || row == GRANTED_ACCESS || robbed && (saved.ended || !isBound));
    copy(redis, saved)
}

proctype World() {
    end:
    do
    :: d_step {
        SAY("tick\n");
        redis.forked = AT_MOST(GRACE, redis.forked + 1);
        redis.used = (redis.used == UNSET -> UNSET : AT_MOST(GRACE, redis.used + 1));
        replica.forked = AT_MOST(GRACE, replica.forked + 1);
        replica.used = (replica.used == UNSET -> UNSET : AT_MOST(GRACE, replica.used + 1));
        redis.struck = (redis.strike == 0 -> 0 : AT_MOST(2 * GRACE, redis.struck + 1));
        replica.struck = (replica.strike == 0 -> 0 : AT_MOST(2 * GRACE, replica.struck + 1));
        locked = (locked == UNSET -> UNSET : AT_MOST(2 * GRACE, locked + 1));
        created = AT_MOST(REGISTRATION, created + 1);
        since = (stolen && (JAR || firm) -> AT_MOST(GRACE + 1, since + 1) : 0)
       }
#if FAILOVERS
    :: d_step { failovers > 0 -> copy(replica, redis); SAY("replicate\n") }
    :: d_step { failovers > 0 && redis.gen <= replica.gen + 1 -> failovers--; copy(redis, replica); SAY("failover\n") }
#endif
    :: d_step { goes_on() }
    od
}

init {
    d_step { access = 1; copy(replica, redis) };
    atomic {
        run World();
        run Browser();
#if THIEF
        run Thief()
#endif
    }
}
