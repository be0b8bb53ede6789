/** How a refusal looks on the wire: RFC 9457 problem documents that tell an attacker nothing. */
@NullMarked
package dev.latchkey.gateway.problem;

import org.jspecify.annotations.NullMarked;
