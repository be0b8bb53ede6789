/** What the gateway's own pages share: how they are filled in, the headers they are sent with, and who wants one. */
@NullMarked
package dev.latchkey.gateway.page;

import org.jspecify.annotations.NullMarked;
