/**
 * Error responses: RFC 9457 problem documents and pages that reveal nothing to an attacker, and the small bodies that
 * the gateway reads itself, with what is wrong about them.
 */
@NullMarked
package dev.latchkey.gateway.problem;

import org.jspecify.annotations.NullMarked;
