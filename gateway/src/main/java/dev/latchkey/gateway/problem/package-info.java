/** Error responses: RFC 9457 problem documents and pages that reveal nothing to an attacker. */
@NullMarked
package dev.latchkey.gateway.problem;

import org.jspecify.annotations.NullMarked;
