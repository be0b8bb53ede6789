/** The command that makes keys. */
@NullMarked
package dev.latchkey.gateway.keys.command;

import org.jspecify.annotations.NullMarked;
