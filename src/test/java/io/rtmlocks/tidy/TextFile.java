// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.tidy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A file of the repository, read as lines; its path is relative to the repository's top. */
record TextFile(Path path, List<String> lines) {

    static TextFile read(Path path) {
        try {
            return new TextFile(path, Files.readAllLines(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All files under a directory whose names end so, in the order of their paths; none when there is no such directory. */
    static List<TextFile> under(String directory, String... endings) {
        Path top = Path.of(directory);
        if (!Files.isDirectory(top)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(top)) {
            return files.filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
                    .filter(file -> !file.toString().contains("node_modules"))
                    .sorted()
                    .map(TextFile::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return path.getFileName().toString();
    }

    /** A line that names the place, what is wrong there and what to do about it. */
    String finding(long line, String what, String remedy) {
        return "%s:%d: %s. %s.".formatted(path, line, what, remedy);
    }
}
