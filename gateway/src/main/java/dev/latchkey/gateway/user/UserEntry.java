package dev.latchkey.gateway.user;

/** One user of the file, allowed in or not. */
record UserEntry(User user, PasswordHash hash, boolean disabled) {}
