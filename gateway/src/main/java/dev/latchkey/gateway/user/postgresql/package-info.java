/** Users kept in PostgreSQL. Types of R2DBC and its driver stay here. */
@NullMarked
package dev.latchkey.gateway.user.postgresql;

import org.jspecify.annotations.NullMarked;
