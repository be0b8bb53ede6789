/** The active routes: how they are built, indexed and matched. */
@NullMarked
package dev.latchkey.gateway.routes.table;

import org.jspecify.annotations.NullMarked;
