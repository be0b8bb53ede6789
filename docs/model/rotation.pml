/*
 * The rotation protocol of one session, for the model checker Spin. README.md beside this file says how to run it, what
 * it shows and what it does not.
 *
 * A client, a browser's cookie jar or one that keeps its tokens in variables, sends requests that travel, arrive in any
 * order and get lost; answers are held by slow backends, overtake each other and get lost too. Redis is a primary with a
 * replica that lags as it likes. A thief copies what the client has.
 *
 * Time is counted in ticks of the clock of Redis. A state holds ages, not instants, and no age counts further than the
 * rules can tell apart. Whatever may happen next is one guarded step, so the order of things is left to the checker.
 */

/*
 * Bounds and choices: each can be set with -D. What they rule out is left out with #if, or its compilation would take
 * longer than most searches.
 */
#ifndef GRACE
#define GRACE       3   /* what was under way is forgiven for so long */
#endif
#ifndef PROMPT
#define PROMPT      0   /* answers up to this age are set without asking */
#endif
#ifndef ANSWER
#define ANSWER      1   /* what an answer travels at most, once its headers are under way */
#endif
#ifndef REQUEST
#define REQUEST     1   /* what a request travels at most */
#endif
#ifndef FLIGHT
#define FLIGHT      3   /* requests and answers under way at once, at most 4 */
#endif
#ifndef SENDS
#define SENDS       5   /* requests of the client in all */
#endif
#ifndef CLIENT
#define CLIENT      JAR
#endif
#define JAR         0   /* a browser */
#define HEADERS     1   /* tokens in headers; keeps the refresh token that arrived last */
#define EXPLICIT    2   /* refreshes at /auth/refresh with JSON; keeps the refresh token that arrived last */
#ifndef FAILOVERS
#define FAILOVERS   0   /* how often Redis may lose all writes that were not waited for */
#endif
#ifndef LAG
#define LAG         1   /* how many rotations may be among them */
#endif
#ifndef JUMPS
#define JUMPS       0   /* how often the clock of Redis may jump forward by a grace; no answer is lost or late then */
#endif
#ifndef SIGNOUT
#define SIGNOUT     0   /* whether the client may sign out */
#endif
#ifndef WITHDRAWALS
#define WITHDRAWALS 0   /* how often a role is withdrawn: access tokens from before then make their session rotate */
#endif
#ifndef RESTORES
#define RESTORES    0   /* how often Redis may be restored from an older copy */
#endif
#ifndef ENDINGS
#define ENDINGS     0   /* whether another session of the shard ends, too */
#endif
#ifndef COLLIDES
#define COLLIDES    0   /* whether that one has the same fingerprint */
#endif
#ifndef THIEF
#define THIEF       0   /* how many requests a thief sends */
#endif
#ifndef DENYLIST
#define DENYLIST    0   /* whether access tokens and the denylist are looked at */
#endif
#ifndef LIFE
#define LIFE        (3 * GRACE) /* of an access token; the least that is allowed */
#endif
#ifndef ONWARD
#define ONWARD      0   /* whether all go on after one was refused: how long until the session ends is looked at then */
#endif
#ifndef WALK
#define WALK        0   /* for walks at random: nothing is lost, and a thief who was found out goes on */
#endif

#define OLDEST      (JUMPS > 0 -> GRACE : PROMPT + 1)

#if PROMPT + ANSWER + REQUEST >= GRACE
#error "grace must exceed what a prompt answer waits plus the travel of an answer and of a request"
#endif

/* A refresh token is its generation and its branch, of which only equality counts; 0 is no token. */
#define TOKEN(g, b) ((g) * 8 + (b))
#define GEN(t)      ((t) / 8)
#define BRANCH(t)   ((t) % 8)

#define UNSET       255
#define EVERY       31  /* above all generations */

typedef Record {
    bool revoked;
    byte gen;           /* g, the current generation */
    byte forked;        /* age of the latest refresh token of g, at most GRACE */
    byte used;          /* age of the first presentation of a token of g, at most GRACE, or UNSET */
    byte branch;        /* which branch rotated g - 1 away; 0 is unset */
    byte strike;        /* the newest generation that was forgiven; 0 is none */
    byte struck;        /* how long ago the first was of those above `spent`, at most 2 * GRACE */
    byte spent;        /* up to which generation none is forgiven any more */
    byte minted;        /* age of the latest token of g, at most LIFE */
    byte floor;         /* the denylist: the lowest generation accepted now, */
    byte later;         /* the lowest accepted later, */
    byte wait;          /* and in how many ticks that is */
    byte tombs          /* the tombstones of the shard */
}
Record redis, replica, mirror;  /* of the mirror, what the nodes remember, only the denylist and revoked count */
Record backup;                  /* the older copy */

mtype = { REVOKED, RECOVERED, REPLAYED_ACCESS, ROTATED, FORCED, REPLAYED_BOTH, STALE, REUSED };

/* A request and then its answer, in one of FLIGHT places. */
mtype = { FREE, ASKS, SHOWS, HELD_BOTH, HELD_ACCESS, BACK_BOTH, BACK_ACCESS };
typedef Exchange {
    mtype stage;        /* nothing; to be rotated; with a living access token; held by the backend; on its way back */
    byte token;         /* what was presented, then what was minted; of an access token only the generation counts */
    byte age            /* in this stage */
}
Exchange x[FLIGHT];
#define mine        x[me]
#define IS_HELD(k)  (x[k].stage == HELD_BOTH || x[k].stage == HELD_ACCESS)
#define IS_BACK(k)  (x[k].stage == BACK_BOTH || x[k].stage == BACK_ACCESS)

byte jar[2];            /* the refresh cookies by parity; other clients use the first only */
byte access;            /* the generation of the access token */
byte loot[2], booty;    /* what the thief has, and an answer to him that he lets a backend hold */

byte sends = SENDS, failovers = FAILOVERS, jumps = JUMPS, presents = THIEF, withdrawals = WITHDRAWALS;
byte outdated;          /* the newest generation of which there may be access tokens with a withdrawn role */
/* Which sessions have ended: this one, and another of the shard. */
#define OURS        1
#define OTHER       2
byte ended;             /* what the nodes remember, by fingerprints */
byte witness;           /* the newest tombstone that no failover can lose any more */
byte newest_tomb;       /* the one that was written last */
byte lost_tombs;        /* what they remembered when the witness was missing */
bool endings = ENDINGS, backups = RESTORES > 0;
byte restores = RESTORES;


/* What only the promises look at. */
byte gone;              /* the newest generation that was rotated away, as far as Redis knows */
bool out;               /* the client was told that it is signed out */
bool stolen, found;
#if ONWARD
byte refused;           /* the newest generation with which the client was refused, */
byte since;             /* and how long ago the first time, at most 2 * GRACE */
#endif
bool served[2];         /* whether client and thief were granted something since the last rotation */
byte shared;            /* rotations after both had been */
#if DENYLIST
byte left[SENDS + THIEF + 2];           /* how long the youngest access token of each generation will live */
#endif
byte turned;            /* age of the last rotation, at most GRACE */
byte denied;            /* the highest floor that was ever in force */
bool lost;              /* a failover has taken entries that no mirror has written back yet */

/* Only used within a step. */
hidden mtype row, step;
hidden byte was, newest, new, known, i, j;
hidden Record nothing;

/* ---- The scripts, each in one step ---- */

#define AT_MOST(most, age)  (age > most -> most : age)
#define UP_TO(least, floor) (floor < least -> least : floor)
#define IN_FORCE(r)         (r.wait == 0 && r.later > r.floor -> r.later : r.floor)
#define FORGIVEN            (redis.used == UNSET || redis.used < GRACE)
#define ITS_BRANCH(b)       (redis.branch == b || redis.branch == 0)
#define COUNTED             (redis.struck >= 2 * GRACE -> redis.strike : redis.spent)
#define MAY_FORCE(t)        (WITHDRAWALS > 0 && GEN(t) <= outdated)
#define TOOK_PART(t)        known = (GEN(t) == redis.gen -> known | (1 << BRANCH(t)) : known)

/* A refresh token of g, of a branch that nobody has. */
inline mint() {
    known = 1;
    TOOK_PART(jar[0]); TOOK_PART(jar[1]); TOOK_PART(loot[0]); TOOK_PART(loot[1]); TOOK_PART(booty);
    TOOK_PART(TOKEN(replica.gen - 1, replica.branch));
    for (j : 0 .. FLIGHT - 1) {
        TOOK_PART(x[j].token)
    }
    j = 1;
    do
    :: known & (1 << j) -> j++
    :: else -> break
    od;
    assert(j < 8);
    new = TOKEN(redis.gen, j)
}

/* Denies generations below `now` at once and those below `then` a grace later; nothing is ever allowed again. */
inline deny(now, then, delay) {
    redis.floor = UP_TO(now, IN_FORCE(redis));
    redis.wait = (redis.later >= then && redis.wait < delay -> redis.wait : delay);
    redis.later = UP_TO(then, redis.later);
    publish()
}

#define IS_IN(set)  (((set) & (OURS | OTHER * COLLIDES)) != 0)
#define IS_LOSS     (witness != 0 && (redis.tombs & witness) == 0)
#define REVIVED     (IS_IN(lost_tombs) || IS_IN(ended) && IS_LOSS)

/* By force: the request brought an access token of p that was refused for a withdrawn role. */
inline rotate(p, b, force) {
    was = redis.gen;
    new = 0;
    row = (redis.revoked || mirror.revoked || REVIVED -> REVOKED : 0);
    if
    :: row == 0 && p > redis.gen ->
        row = RECOVERED;
        redis.gen = p; redis.forked = 0; redis.minted = 0; redis.used = UNSET; redis.branch = 0;
        was = p
    :: else
    fi;
    if
    :: row == REVOKED
    :: row != REVOKED && p == redis.gen && redis.forked < GRACE ->
        row = (row == RECOVERED -> RECOVERED : REPLAYED_ACCESS);
        row = (row == REPLAYED_ACCESS && force -> FORCED : row);
        redis.used = (redis.used == UNSET -> 0 : redis.used);
        redis.minted = 0;
        new = TOKEN(redis.gen, 0)
    :: row == 0 && p == redis.gen && redis.forked >= GRACE ->
        row = ROTATED;
        if
#if DENYLIST
        :: DENYLIST && redis.minted < LIFE -> deny(p, p + 1, GRACE)
#endif
        :: else
        fi;
        redis.branch = b;
        redis.gen++; redis.forked = 0; redis.minted = 0; redis.used = UNSET;
        mint()
    :: row == 0 && p == redis.gen - 1 && ITS_BRANCH(b) && FORGIVEN ->
        row = REPLAYED_BOTH;
        redis.forked = 0; redis.minted = 0;
        mint()
    :: row == 0 && (p < redis.gen - 1 || p == redis.gen - 1 && !(ITS_BRANCH(b) && FORGIVEN)) &&
            p > COUNTED ->
        row = STALE;
        redis.spent = COUNTED;
        redis.struck = (redis.struck >= 2 * GRACE -> 0 : redis.struck);
        redis.strike = UP_TO(p, redis.strike)
    :: else ->
        row = REUSED;
        revoke()
    fi
}

inline revoke() {
    redis.revoked = true;
    mirror.revoked = RESTORES > 0;
    redis.tombs = redis.tombs | OURS;
    newest_tomb = OURS;
#if DENYLIST
    deny(EVERY, EVERY, 0)
#endif
}

/* Whether rotate would grant a token: then it also ends its session, and no other token does. */
#define MAY_END(p, b) (p >= redis.gen || p == redis.gen - 1 && ITS_BRANCH(b) && FORGIVEN)

inline sign_out(p, b) {
    if
    :: !redis.revoked && MAY_END(p, b) -> printf("signout %d %d yes\n", p, b); revoke()
    :: else -> printf("signout %d %d no\n", p, b)
    fi
}

#define MAY_SET(g, both) (!redis.revoked && redis.gen == g && (!(both) || FORGIVEN))

inline commit(what, both) {
    new = what;
    redis.forked = (both -> 0 : redis.forked);
    redis.minted = (both -> 0 : redis.minted)
}

inline confirm(g) {
    redis.used = (!redis.revoked && redis.gen == g && redis.used == UNSET -> 0 : redis.used)
}

/* ---- Replication, and the nodes' mirrors of the denylist ---- */

inline copy(from, to) {
    to.revoked = from.revoked; to.gen = from.gen; to.forked = from.forked; to.used = from.used;
    to.branch = from.branch; to.strike = from.strike; to.struck = from.struck; to.spent = from.spent;
    to.minted = from.minted;
    to.floor = from.floor; to.later = from.later; to.wait = from.wait; to.tombs = from.tombs
}

/* What WAIT makes sure of; it may also happen by itself at any time. */
inline replicate() {
    if
#if FAILOVERS
    :: failovers > 0 -> printf("replicate\n"); copy(redis, replica)
#endif
    :: else
    fi
}

inline merge(from, to) {
    to.floor = UP_TO(from.floor, IN_FORCE(to));
    to.wait = (to.later < from.later || to.later == from.later && from.wait < to.wait -> from.wait : to.wait);
    to.later = UP_TO(from.later, to.later)
}

inline publish() {
    merge(redis, mirror);
    denied = UP_TO(denied, IN_FORCE(redis))
}

/* The tombstones that Redis has and no failover can lose any more. */
#define SETTLED     (failovers == 0 -> redis.tombs : redis.tombs & replica.tombs)

/* A node looks at the tombstones. What has settled it remembers, and forgets the entry that refused exactly. */
inline look() {
    lost_tombs = (IS_LOSS -> lost_tombs | ended : lost_tombs);
    witness = (IS_LOSS -> 0 : witness);
    ended = ended | SETTLED;
    witness = ((SETTLED & newest_tomb) != 0 -> newest_tomb : (witness != 0 -> witness : SETTLED));
    mirror.revoked = mirror.revoked && (SETTLED & OURS) == 0
}

/* ---- The promises ---- */

/* Each script leaves one line, so that the real scripts can be walked the same way. */
inline judge(who, p, b, force) {
    printf("rotate %d %d %e %d %d\n", p, b, row, redis.gen, force);
    assert(redis.gen == was + (row == ROTATED -> 1 : 0));
    assert(!out || row == REVOKED);
    if
    :: row == ROTATED ->
        assert(was > gone);
        gone = was;
        turned = (DENYLIST -> 0 : turned);
        shared = (stolen && served[1 - who] -> shared + 1 : shared);
        assert(shared <= 2 + FAILOVERS + RESTORES || WALK);
        served[0] = false; served[1] = false
    :: row == STALE || row == REUSED || row == REVOKED ->
        assert(out || stolen || JUMPS > 0 && row == STALE);
        found = stolen && !WALK && (!ONWARD || row != STALE)
    :: else
    fi;
#if ONWARD
    if
    :: row == STALE && who == 0 ->
        assert(p > refused || since < 2 * GRACE);
        since = (p > refused -> 0 : since);
        refused = UP_TO(p, refused)
    :: else
    fi;
#endif
    assert(!DENYLIST || new == 0 || redis.gen >= IN_FORCE(redis));
    served[who] = stolen && new != 0;
    if
#if DENYLIST
    :: new != 0 -> left[redis.gen] = LIFE
#endif
    :: else
    fi
}

/* What the client has is good for going on. */
inline goes_on() {
    present();
    assert(!redis.revoked);
    assert(GEN(newest) >= redis.gen || GEN(newest) == redis.gen - 1 && ITS_BRANCH(BRANCH(newest)) && FORGIVEN)
}

/* Nothing denied comes back, and what was rotated away is denied in time. */
inline stays_denied() {
    assert(IN_FORCE(mirror) >= denied);
    assert(lost || IN_FORCE(redis) >= denied);
    for (i : 1 .. redis.gen - 1) {
        assert(FAILOVERS > 0 || left[i] == 0 || i < IN_FORCE(redis) || i == redis.gen - 1 && turned < GRACE)
    }
    i = 0
}

/* ---- The client ---- */

/* What a gateway takes of all that the client sends. */
inline present() {
    newest = (GEN(jar[1]) > GEN(jar[0]) -> jar[1] : jar[0])
}

inline keep(given, both) {
    access = GEN(given);
    if
    :: CLIENT == JAR && both -> jar[GEN(given) % 2] = given
    :: CLIENT != JAR && BRANCH(given) != 0 -> jar[0] = given
    :: else
    fi
}

/* The places are kept in order, since it makes no difference which is which. */
#define KEY(k)  ((x[k].stage << 12) + (x[k].token << 4) + x[k].age)
#define SWAP(f) i = x[j - 1].f; x[j - 1].f = x[j].f; x[j].f = i
inline becomes(next, what) {
    mine.stage = next; mine.token = what; mine.age = 0;
    for (new : 1 .. FLIGHT - 1) {
        for (j : 1 .. FLIGHT - 1) {
            if
            :: KEY(j - 1) > KEY(j) -> SWAP(stage); SWAP(token); SWAP(age)
            :: else
            fi
        }
    }
    i = 0; j = 0
}

/* Who holds what is current is signed out; who was robbed of it is only told so. */
inline leaves() {
    present();
    sign_out(GEN(newest), BRANCH(newest));
    assert(redis.revoked || stolen);
    out = redis.revoked;
    replicate()
}

inline asks(force) {
    rotate(GEN(mine.token), BRANCH(mine.token), force);
    judge(0, GEN(mine.token), BRANCH(mine.token), force)
}

inline is_granted() {
    if
    :: row == ROTATED -> step = HELD_BOTH
    :: row == REPLAYED_BOTH -> replicate(); step = HELD_BOTH
    :: row == REPLAYED_ACCESS || row == FORCED || row == RECOVERED ->
        new = (CLIENT == EXPLICIT -> mine.token : new);
        step = HELD_ACCESS
    :: else -> step = FREE; new = 0
    fi;
    becomes(step, new)
}

#define MAY_STILL   MAY_SET(GEN(mine.token), mine.stage == HELD_BOTH)
#define MAY_BE_LOST (WALK == 0 && (JUMPS == 0 || mine.stage == SHOWS))

proctype Client(byte me) provided (!found) {
    end:
    do
    :: d_step { mine.stage == FREE && sends > 0 && !out -> sends--; present(); becomes(ASKS, newest) }
    :: d_step { mine.stage == FREE && sends > 0 && !out -> sends--; becomes(SHOWS, TOKEN(access, 0)) }
    :: d_step { mine.stage != FREE && MAY_BE_LOST -> becomes(FREE, 0) }
#if SIGNOUT
    :: d_step { me == 0 && !out -> leaves() }
#endif
    :: d_step {
        mine.stage == SHOWS ->
        printf("confirm %d\n", GEN(mine.token));
        confirm(GEN(mine.token));
        becomes(FREE, 0)
       }
    :: d_step { mine.stage == ASKS -> asks(false); is_granted() }
    /* The script ran, but its answer was lost; it is sent again, or no replica was there in time. */
    :: d_step { mine.stage == ASKS -> asks(false) }
#if WITHDRAWALS
    :: d_step { mine.stage == ASKS && MAY_FORCE(mine.token) -> asks(true); is_granted() }
    :: d_step { mine.stage == ASKS && MAY_FORCE(mine.token) -> asks(true) }
#endif
    :: d_step {
        IS_HELD(me) && mine.age <= PROMPT ->
        becomes((mine.stage == HELD_BOTH -> BACK_BOTH : BACK_ACCESS), mine.token)
       }
    :: d_step {
        mine.stage == HELD_BOTH && mine.age > PROMPT && MAY_STILL ->
        printf("commit %d 1 yes\n", GEN(mine.token));
        commit(mine.token, true); replicate();
        becomes(BACK_BOTH, new)
       }
    :: d_step {
        mine.stage == HELD_BOTH && mine.age > PROMPT && MAY_STILL ->
        printf("commit %d 1 yes\n", GEN(mine.token));
        commit(mine.token, true)
       }
    :: d_step {
        mine.stage == HELD_ACCESS && mine.age > PROMPT && MAY_STILL ->
        printf("commit %d 0 yes\n", GEN(mine.token));
        commit(mine.token, false);
        becomes(BACK_ACCESS, new)
       }
    :: d_step {
        IS_HELD(me) && mine.age > PROMPT && !MAY_STILL ->
        printf("commit %d %d no\n", GEN(mine.token), mine.stage == HELD_BOTH);
        becomes(FREE, 0)
       }
    :: d_step { IS_BACK(me) -> keep(mine.token, mine.stage == BACK_BOTH); becomes(FREE, 0) }
    od
}

/* ---- The thief: copies once, presents what he likes, and lets a backend hold an answer as long as he likes ---- */

inline steals(what, where) {
    rotate(GEN(what), BRANCH(what), MAY_FORCE(what));
    judge(1, GEN(what), BRANCH(what), MAY_FORCE(what));
    where = (row == ROTATED || row == REPLAYED_BOTH -> new : where)
}

/* One presentation of a token that is long gone ends nothing. */
inline drops(what) {
    i = redis.revoked;
    sign_out(GEN(what), BRANCH(what));
    assert(i || !redis.revoked || GEN(what) >= redis.gen || GEN(what) == redis.gen - 1 && FORGIVEN);
    i = 0
}

#if THIEF
proctype Thief() provided (!found) {
    end:
    do
    :: d_step { !stolen && !out -> stolen = true; loot[0] = jar[0]; loot[1] = jar[1] }
    :: d_step { presents > 0 && loot[0] != 0 -> presents--; steals(loot[0], loot[0]) }
    :: d_step { presents > 0 && loot[0] != 0 -> presents--; steals(loot[0], loot[1]) }
    :: d_step { presents > 0 && loot[0] != 0 -> presents--; steals(loot[0], booty) }
    :: d_step { presents > 0 && loot[1] != 0 -> presents--; steals(loot[1], loot[0]) }
    :: d_step { presents > 0 && loot[1] != 0 -> presents--; steals(loot[1], loot[1]) }
    :: d_step { presents > 0 && loot[1] != 0 -> presents--; steals(loot[1], booty) }
#if SIGNOUT
    :: d_step { presents > 0 && loot[0] != 0 -> presents--; drops(loot[0]) }
    :: d_step { presents > 0 && loot[1] != 0 -> presents--; drops(loot[1]) }
#endif
    :: d_step {
        booty != 0 && MAY_SET(GEN(booty), true) ->
        printf("commit %d 1 yes\n", GEN(booty));
        commit(booty, true);
        served[1] = true;
        loot[0] = new;
        booty = 0
       }
    od
}
#endif

/* ---- What else happens ---- */

#define IN_TIME(k) (!((x[k].stage == ASKS || x[k].stage == SHOWS) && x[k].age >= REQUEST) && \
                    !(IS_BACK(k) && x[k].age >= ANSWER) && \
                    !(CLIENT == EXPLICIT && IS_HELD(k) && x[k].age >= PROMPT) && \
                    !(JUMPS > 0 && IS_HELD(k) && x[k].age >= GRACE - 1 && \
                        MAY_SET(GEN(x[k].token), x[k].stage == HELD_BOTH)))

inline passes(r, ticks) {
    r.forked = AT_MOST(GRACE, r.forked + ticks);
    r.used = (r.used == UNSET -> UNSET : AT_MOST(GRACE, r.used + ticks));
    r.struck = AT_MOST(2 * GRACE, r.struck + ticks);
    r.minted = (DENYLIST -> AT_MOST(LIFE, r.minted + ticks) : 0);
    r.wait = (r.wait > ticks -> r.wait - ticks : 0)
}

inline all_pass(ticks) {
#if FAILOVERS + RESTORES
    passes(replica, ticks);
#endif
#if DENYLIST
    passes(mirror, ticks);
#endif
#if RESTORES
    passes(backup, ticks);
#endif
    passes(redis, ticks)
}

proctype World() provided (!found) {
    end:
    do
    :: d_step {
        IN_TIME(0) && IN_TIME(1 % FLIGHT) && IN_TIME(2 % FLIGHT) && IN_TIME(3 % FLIGHT) ->
        printf("tick 1\n");
        all_pass(1);
        turned = AT_MOST(GRACE, turned + 1);
#if ONWARD
        since = AT_MOST(2 * GRACE, since + 1);
#endif
        for (i : 0 .. FLIGHT - 1) {
            x[i].age = (x[i].stage == FREE -> 0 : AT_MOST((IS_HELD(i) -> OLDEST : 9), x[i].age + 1))
        }
#if DENYLIST
        for (i : 1 .. SENDS + THIEF + 1) {
            left[i] = (left[i] > 0 -> left[i] - 1 : 0)
        }
#endif
        i = 0;
        denied = UP_TO(denied, IN_FORCE(redis))
       }
#if JUMPS
    :: d_step {
        jumps > 0 ->
        printf("tick %d\n", GRACE);
        jumps--;
        all_pass(GRACE)
       }
#endif
#if FAILOVERS
    :: d_step { failovers > 0 -> replicate() }
    :: d_step {
        failovers > 0 && redis.gen <= replica.gen + LAG ->
        printf("failover\n");
        shared = (shared + replica.gen > redis.gen -> shared + replica.gen - redis.gen : 0);
        copy(replica, redis);
        failovers--;
        gone = AT_MOST(redis.gen - 1, gone);
        lost = DENYLIST;
        if
        :: failovers == 0 -> copy(nothing, replica)
        :: else
        fi
       }
    :: d_step { lost -> merge(mirror, redis); lost = false }
#endif
#if WITHDRAWALS
    :: d_step { withdrawals > 0 -> withdrawals--; outdated = redis.gen }
#endif
#if ENDINGS
    :: d_step { endings -> endings = false; redis.tombs = redis.tombs | OTHER; newest_tomb = OTHER }
#endif
#if RESTORES + ENDINGS
    :: d_step { IS_LOSS || (SETTLED & ~ended) != 0 -> look() }
#endif
#if RESTORES
    :: d_step { backups -> backups = false; copy(redis, backup) }
    :: d_step {
        restores > 0 ->
        restores--;
        shared = (shared + backup.gen > redis.gen -> shared + backup.gen - redis.gen : 0);
        copy(backup, redis); copy(backup, replica);
        gone = AT_MOST(redis.gen - 1, gone)
       }
    /* A node that remembers exactly ends it again. */
    :: d_step { mirror.revoked && !redis.revoked -> revoke(); replicate() }
#endif
    :: d_step { x[0].stage == FREE && x[FLIGHT - 1].stage == FREE && !out && !stolen -> goes_on() }
#if DENYLIST
    :: d_step { printf("denied %d\n", IN_FORCE(redis)); stays_denied() }
#endif
    od
}

init {
    d_step {
        redis.gen = 1; redis.used = UNSET; redis.struck = 2 * GRACE;
        nothing.used = UNSET; nothing.forked = GRACE; nothing.struck = 2 * GRACE; nothing.minted = LIFE * DENYLIST;
        copy(nothing, replica);
        copy(nothing, mirror);
        copy(nothing, backup);
        if
        :: RESTORES > 0 -> copy(redis, backup)
        :: else
        fi;
        replicate();
        jar[CLIENT == JAR] = TOKEN(1, 1);
        access = 1;
#if DENYLIST
        left[1] = LIFE;
#endif
        turned = GRACE;
        for (i : 0 .. FLIGHT - 1) {
            x[i].stage = FREE
        }
        i = 0
    };
    atomic {
        run World();
        if
#if THIEF
        :: true -> run Thief()
#endif
        :: else
        fi;
        for (i : 0 .. FLIGHT - 1) {
            run Client(i)
        }
        i = 0
    }
}
