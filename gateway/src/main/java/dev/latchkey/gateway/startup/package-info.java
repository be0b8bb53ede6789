/**
 * A start that must fail: one sentence says why and another what to do, in every package that can find a reason; and
 * what several of them ask of an address before they use it.
 */
@NullMarked
package dev.latchkey.gateway.startup;

import org.jspecify.annotations.NullMarked;
