/** Real servers for tests, in each way that operations people run them; all of them end with the test's JVM. */
package dev.latchkey.gateway.testing.redis;
