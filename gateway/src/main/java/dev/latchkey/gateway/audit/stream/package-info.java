/** Audit events in a stream of Redis, in which operators can look for them. */
@NullMarked
package dev.latchkey.gateway.audit.stream;

import org.jspecify.annotations.NullMarked;
