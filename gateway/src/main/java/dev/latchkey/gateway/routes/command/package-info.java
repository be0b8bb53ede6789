/** The {@code routes} commands of the command line. */
@NullMarked
package dev.latchkey.gateway.routes.command;

import org.jspecify.annotations.NullMarked;
