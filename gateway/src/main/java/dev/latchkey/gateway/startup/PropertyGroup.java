package dev.latchkey.gateway.startup;

import java.util.Map;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Looks at properties before anything is bound to them. */
public final class PropertyGroup {

    private PropertyGroup() {}

    /** Those whose names begin so. A value in their place is none; what binds it says so. */
    public static Map<String, Object> of(Environment environment, String prefix) {
        try {
            return Binder.get(environment)
                    .bind(prefix, Bindable.mapOf(String.class, Object.class))
                    .orElse(Map.of());
        } catch (BindException reported) {
            return Map.of();
        }
    }
}
