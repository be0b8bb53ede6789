/**
 * Long random histories of clients, nodes and faults, and a checker that judges by what an observer beside the wire
 * saw.
 */
package dev.latchkey.gateway.history;
