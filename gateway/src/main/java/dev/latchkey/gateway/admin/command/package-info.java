/** The operators' endpoints by the command line. */
@NullMarked
package dev.latchkey.gateway.admin.command;

import org.jspecify.annotations.NullMarked;
