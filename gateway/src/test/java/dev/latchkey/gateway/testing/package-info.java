/** What tests of several packages share: a world for stories, a browser, a backend, a clock, and raw connections. */
package dev.latchkey.gateway.testing;
