package dev.latchkey.gateway.user;

import dev.latchkey.gateway.token.Subject;
import java.util.Map;
import java.util.Set;

/**
 * All that a directory says of users at one time.
 *
 * @param version the same for the same content, whichever node reads it
 * @param active those who may sign in
 * @param disabled those who may not, and are written down all the same
 * @param isConfirmed whether it says itself that it is complete, however few there are
 */
public record UserSnapshot(String version, Map<Subject, User> active, Set<Subject> disabled, boolean isConfirmed) {}
