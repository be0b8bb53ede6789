/** What operators can see of sessions, users and the denylist, and what they can end; only on the management port. */
@NullMarked
package dev.latchkey.gateway.admin;

import org.jspecify.annotations.NullMarked;
