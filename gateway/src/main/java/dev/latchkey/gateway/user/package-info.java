/** Who may sign in, and how a password is checked without blocking an event loop. */
@NullMarked
package dev.latchkey.gateway.user;

import org.jspecify.annotations.NullMarked;
