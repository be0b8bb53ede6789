package dev.latchkey.gateway.device;

/** Whether sessions are bound to the device of their browser. A session that is bound stays so, whatever is set. */
public enum DeviceBinding {
    /** No browser is asked to register a key. */
    OFF,
    /** Each browser is asked at its sign-in; one that does not know how goes on as before. */
    WHEN_OFFERED,
    /** The same, and routes that identify their callers take bound sessions only. */
    REQUIRED
}
