/** A start that cannot go on: one sentence on why and one on what to do, for every package that can find out. */
@NullMarked
package dev.latchkey.gateway.startup;

import org.jspecify.annotations.NullMarked;
