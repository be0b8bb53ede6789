package dev.latchkey.gateway.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A paragraph of {@code docs/model/checks.txt} or of the like of another model: what must hold, or must fail with some
 * lines of the model broken.
 *
 * @param changes what stands in the model and what takes its place, by turns
 */
public record ModelCheck(boolean holds, String name, List<String> bounds, List<String> changes) {

    private static final String HOLDS = "holds: ";
    private static final String FAILS = "fails: ";

    /** More bounds for those that hold, such as {@code -Dmodel.bounds=-DSENDS=9}; what comes last counts. */
    private static final List<String> MORE = words(System.getProperty("model.bounds", ""));

    /**
     * All checks of a file.
     *
     * @param file in the folder of the models
     */
    public static Stream<ModelCheck> all(String file) throws IOException {
        String text = Files.readString(SpinModel.FOLDER.resolve(file));
        return Arrays.stream(text.split("\n\n", -1))
                .filter(line -> !line.startsWith("#"))
                .map(ModelCheck::parse);
    }

    private static ModelCheck parse(String paragraph) {
        List<String> lines = paragraph.strip().lines().toList();
        String title = lines.get(0);
        boolean holds = title.startsWith(HOLDS);
        if (!holds && !title.startsWith(FAILS)) {
            throw new IllegalArgumentException(title);
        }
        List<String> bounds = new ArrayList<>(words(lines.get(1)));
        bounds.addAll(holds ? MORE : List.of());
        List<String> changes =
                lines.stream().skip(2).map(line -> line.substring(2)).toList();
        return new ModelCheck(holds, title, bounds, changes);
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.strip().split(" +", -1))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** The model with what this check breaks. */
    public SpinModel change(SpinModel model) {
        SpinModel changed = model;
        for (int i = 0; i < changes.size(); i += 2) {
            changed = changed.with(changes.get(i), changes.get(i + 1));
        }
        return changed;
    }

    @Override
    public String toString() {
        return name;
    }
}
