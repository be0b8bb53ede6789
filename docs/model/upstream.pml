/*
 * The refresh of a provider's tokens for one session, for the model checker Spin. README.md beside this file says how to run
 * it, what it shows and what it does not.
 *
 * Two nodes claim, call and store; a Redis may fail over to its replica; a provider rotates refresh tokens and may end the
 * family of one that comes twice. Time is counted in ticks; every step may be as slow as its bound allows, and a tick waits
 * for those who have used up their bound.
 *
 * MODE 0: a refresh token is good once, and a second use ends the family; 1: the one before stays good for G ticks after it
 * was used; 2: tokens do not rotate. Faults: CRASH nodes die, LOST answers get lost, FAIL failovers, HANG calls that the
 * provider works off LATER than its bound. Bounds: L a lease, T a call, O the wait after a lease that ended with its call open,
 * PAUSE the longest pause of a node, WORK the longest work of the provider, LOOK how soon an orphan is looked for.
 *
 * SAFE asks that the session is not even lapsed. In any case no trouble of ours may be taken for a refusal.
 */
#ifndef MODE
#define MODE 0
#endif
#ifndef CRASH
#define CRASH 0
#endif
#ifndef LOST
#define LOST 0
#endif
#ifndef FAIL
#define FAIL 0
#endif
#ifndef HANG
#define HANG 0
#endif
#ifndef L
#define L 4
#endif
#ifndef T
#define T 2
#endif
#ifndef O
#define O 3
#endif
#ifndef PAUSE
#define PAUSE 1
#endif
#ifndef WORK
#define WORK 1
#endif
#ifndef LOOK
#define LOOK 1
#endif
#ifndef G
#define G 12
#endif
#ifndef CALLS
#define CALLS 3
#endif
#ifndef TICKS
#define TICKS 14
#endif
#ifndef SAFE
#define SAFE 0
#endif
#ifndef WALK
#define WALK 0
#endif

#define NODES 2

mtype = { IDLE, CLAIMED, SENT, GRANTED, DENIED };
mtype = { ACTIVE, LAPSED, REVOKED };

/* What Redis holds: the number of the tokens and which refresh token that is; see upstream/prelude.lua. */
typedef Store {
  byte u = 1; byte token = 1; byte lease; byte fence;
  bool open; bool claimed; bool inherited; bool doubt;
  mtype state = ACTIVE
}

typedef Node {
  mtype step = IDLE;
  byte since; byte u; byte token; byte until; byte fence; byte got;
  bool uncertain
}

/* A call on its way; a node that died may have left one. */
typedef Call { byte token; byte sent; bool late }

Store redis, replica;
Node node[NODES];
Call call[NODES];
byte now, calls, crashes, losses, failovers, hangs;

/* The provider: its newest refresh token, and when the one before was used. */
byte newest = 1, rotated;
bool alive = true;

#define FREE_FROM (redis.open -> redis.lease + O : redis.lease)
#define CLAIMABLE (redis.state == ACTIVE && now >= FREE_FROM)
#define FITS(i)   (now + T <= node[i].until)
#define HOLDS(i)  (redis.state == ACTIVE && redis.u == node[i].u)
#define IS_FREE(i) (node[i].step == IDLE && call[i].token == 0)
#define MINE(i)   (redis.open && redis.claimed && redis.fence == node[i].fence)

inline copy(to, from) {
  to.u = from.u; to.token = from.token; to.lease = from.lease; to.fence = from.fence;
  to.open = from.open; to.claimed = from.claimed; to.inherited = from.inherited; to.doubt = from.doubt;
  to.state = from.state
}

inline replicate() {
  copy(replica, redis);
  if :: WALK -> printf("replicate\n") :: else fi
}

inline claim(i) {
  node[i].u = redis.u; node[i].token = redis.token;
  node[i].uncertain = redis.open || redis.doubt;
  redis.inherited = redis.open;
  redis.open = true; redis.claimed = true; redis.lease = now + L; redis.fence++; calls++;
  node[i].until = redis.lease; node[i].fence = redis.fence;
  if :: WALK -> printf("claim %d %d %d\n", redis.fence, redis.u, node[i].uncertain) :: else fi;
  replicate(); /* the claim */
  node[i].step = CLAIMED; node[i].since = now
}

inline release(i) {
  if :: WALK -> printf("release %d %d\n", node[i].fence, MINE(i)) :: else fi;
  if
  :: MINE(i) -> redis.open = redis.inherited; redis.claimed = false; redis.lease = now; replicate()
  :: else
  fi;
  node[i].step = IDLE
}

inline send(i) {
  if
  :: FITS(i) ->
     node[i].step = SENT; node[i].since = now;
     call[i].token = node[i].token; call[i].sent = now; call[i].late = false
  :: else -> release(i)
  fi
}

inline work(i) {
  byte answer = 0;
  if
  :: !alive -> skip
  :: alive && MODE == 2 -> answer = newest
  :: alive && MODE != 2 && call[i].token == newest -> newest++; rotated = now; answer = newest
  :: alive && MODE == 1 && call[i].token == newest - 1 && now - rotated <= G -> answer = newest
  :: else -> alive = false
  fi;
  call[i].token = 0;
  if
  :: node[i].step == SENT && call[i].sent == node[i].since && now - node[i].since <= T ->
     if
     :: node[i].got = answer; node[i].since = now; node[i].step = (answer -> GRANTED : DENIED)
     :: losses < LOST -> losses++
     fi
  :: else
  fi;
  answer = 0
}

inline keep(i) {
  if :: WALK -> printf("store %d %d\n", node[i].u, HOLDS(i)) :: else fi;
  if
  :: HOLDS(i) ->
     redis.u++; redis.token = node[i].got;
     redis.doubt = redis.inherited;
     redis.open = false; redis.claimed = false; redis.inherited = false; redis.lease = 0;
     replicate(); /* the answer */
  :: else
  fi;
  node[i].step = IDLE
}

inline refused(i) {
  if
  :: HOLDS(i) && node[i].uncertain ->
     if :: WALK -> printf("lapse %d\n", node[i].u) :: else fi;
     redis.state = LAPSED; redis.open = false; redis.claimed = false; redis.inherited = false; redis.lease = 0;
     replicate()
  :: HOLDS(i) && !node[i].uncertain ->
     if :: WALK -> printf("revoke\n") :: else fi;
     redis.state = REVOKED; replicate()
  :: else
  fi;
  node[i].step = IDLE
}

/* Who has used up their bound holds the clock. */
#define RESTS(i)   (node[i].step == IDLE || node[i].step == SENT || now - node[i].since < PAUSE)
#define WAITS(i)   (node[i].step != SENT || now - node[i].since < T)
#define WORKS(i)   (call[i].token == 0 || now - call[i].sent < WORK || call[i].late)
#define IN_TIME(i) (RESTS(i) && WAITS(i) && WORKS(i))
#define LOOKED     (calls >= CALLS || !redis.open || !CLAIMABLE || now - redis.lease < O + LOOK)

active proctype world() {
  byte i;
  do
  :: now < TICKS ->
     d_step {
       assert(WALK || redis.state != REVOKED);
       assert(!SAFE || (redis.state == ACTIVE && alive))
     }
     if
     :: atomic { CLAIMABLE && calls < CALLS && IS_FREE(0) -> claim(0) }
     :: atomic { CLAIMABLE && calls < CALLS && !IS_FREE(0) && IS_FREE(1) -> claim(1) }
     :: atomic { WALK && MODE == 0 && calls > 4 && alive -> alive = false } /* the provider has reasons of its own */
     :: atomic { WALK && !CLAIMABLE -> printf("claim no\n") }
     :: atomic { node[0].step == CLAIMED -> send(0) }
     :: atomic { node[1].step == CLAIMED -> send(1) }
     :: atomic { call[0].token != 0 -> work(0) }
     :: atomic { call[1].token != 0 -> work(1) }
     :: atomic { hangs < HANG && call[0].token != 0 && now - call[0].sent >= WORK -> hangs++; call[0].late = true }
     :: atomic { node[0].step == SENT && now - node[0].since >= T -> i = 0; node[i].step = IDLE; /* timed out */ }
     :: atomic { node[1].step == SENT && now - node[1].since >= T -> i = 1; node[i].step = IDLE; /* timed out */ }
     :: atomic { node[0].step == GRANTED -> keep(0) }
     :: atomic { node[1].step == GRANTED -> keep(1) }
     :: atomic { node[0].step == DENIED -> refused(0) }
     :: atomic { node[1].step == DENIED -> refused(1) }
     :: atomic { crashes < CRASH && node[0].step != IDLE -> crashes++; node[0].step = IDLE }
     :: atomic { failovers < FAIL -> failovers++; copy(redis, replica); if :: WALK -> printf("failover\n") :: else fi }
     :: atomic { redis.u != replica.u || redis.lease != replica.lease || redis.open != replica.open -> replicate() }
     :: atomic { IN_TIME(0) && IN_TIME(1) && LOOKED -> now++; if :: WALK -> printf("tick\n") :: else fi }
     fi
  :: now >= TICKS -> break
  od
}
