/** Who may sign in, and how a password is checked without holding up an event loop. */
@NullMarked
package dev.latchkey.gateway.user;

import org.jspecify.annotations.NullMarked;
