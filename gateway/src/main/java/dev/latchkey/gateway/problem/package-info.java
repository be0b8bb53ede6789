/** Error responses: RFC 9457 problem documents and pages that tell an attacker nothing. */
@NullMarked
package dev.latchkey.gateway.problem;

import org.jspecify.annotations.NullMarked;
