/** Real stores of users that tests can change, stop and kill. */
@NullMarked
package dev.latchkey.gateway.testing.users;

import org.jspecify.annotations.NullMarked;
