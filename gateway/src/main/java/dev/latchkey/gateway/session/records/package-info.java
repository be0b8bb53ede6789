/** What Redis keeps of sessions and users, for operators to read and to erase. */
@NullMarked
package dev.latchkey.gateway.session.records;

import org.jspecify.annotations.NullMarked;
