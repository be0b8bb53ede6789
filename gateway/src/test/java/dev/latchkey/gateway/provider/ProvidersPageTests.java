package dev.latchkey.gateway.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.provider.setting.Preset;
import java.io.IOException;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** docs/providers.md has a row for each setting of a provider, with its default, and for each preset. */
final class ProvidersPageTests {

    private static final Pattern ROW = Pattern.compile("^\\| `([a-z-]+)` \\| ([^|]+) \\|", Pattern.MULTILINE);

    @Test
    void pageWhenASettingChangesThenItSaysSo() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "providers.md"));
        String table = page.substring(page.indexOf("## Settings"), page.indexOf("## What is checked"));
        Map<String, String> rows = ROW.matcher(table)
                .results()
                .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2), (a, b) -> a, TreeMap::new));
        Map<String, String> settings = new TreeMap<>();
        Parameter[] parameters = ProviderSettings.class.getDeclaredConstructors()[0].getParameters();
        Arrays.stream(parameters).forEach(parameter -> settings.put(kebab(parameter.getName()), fallback(parameter)));
        assertThat(rows.keySet()).isEqualTo(settings.keySet());
        settings.forEach((name, value) -> {
            if (!value.isEmpty()) {
                assertThat(rows.get(name)).as(name).isEqualTo("`" + value + "`");
            } else {
                assertThat(rows.get(name)).as(name).isIn("none", "**must be set**", "by preset");
            }
        });
        for (Preset preset : Preset.values()) {
            assertThat(page).contains("| `" + preset.name().toLowerCase(Locale.ROOT) + "` |");
        }
    }

    private static String fallback(Parameter parameter) {
        DefaultValue value = parameter.getAnnotation(DefaultValue.class);
        return value == null || value.value().length == 0 ? "" : value.value()[0];
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
