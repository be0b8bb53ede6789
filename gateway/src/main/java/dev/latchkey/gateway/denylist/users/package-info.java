/** What all nodes agree on about users, kept in Redis: when their sessions ended, and which roles they have. */
@NullMarked
package dev.latchkey.gateway.denylist.users;

import org.jspecify.annotations.NullMarked;
