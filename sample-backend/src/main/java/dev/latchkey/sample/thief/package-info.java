/**
 * The demo's thief: it copies the cookies of anybody who asks it to, and shows what they open. Only with its profile.
 */
@NullMarked
package dev.latchkey.sample.thief;

import org.jspecify.annotations.NullMarked;
