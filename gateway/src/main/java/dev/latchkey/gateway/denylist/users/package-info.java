/**
 * What all nodes agree on about users, kept in Redis: when their sessions ended, and which roles they have. What a node
 * remembers of users who were revoked goes by it.
 */
@NullMarked
package dev.latchkey.gateway.denylist.users;

import org.jspecify.annotations.NullMarked;
