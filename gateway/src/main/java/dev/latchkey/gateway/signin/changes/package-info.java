/** Users who were removed, disabled or changed: their sessions end, on all nodes and once. */
@NullMarked
package dev.latchkey.gateway.signin.changes;

import org.jspecify.annotations.NullMarked;
