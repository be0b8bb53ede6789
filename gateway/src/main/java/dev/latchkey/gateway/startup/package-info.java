/** A start that must fail: one sentence says why and another what to do, in every package that can find a reason. */
@NullMarked
package dev.latchkey.gateway.startup;

import org.jspecify.annotations.NullMarked;
