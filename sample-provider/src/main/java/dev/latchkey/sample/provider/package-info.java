/** A small OpenID Provider for the demo: two users, and refresh tokens that are replaced with each use. */
@NullMarked
package dev.latchkey.sample.provider;

import org.jspecify.annotations.NullMarked;
