// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A page of the documentation, with the tables in its sections. */
record Page(String text) {

    static Page read(String path) {
        try {
            return new Page(Files.readString(Path.of(path)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rows of the table in the section of this title, without its head. */
    List<List<String>> table(String title) {
        String heading = "## " + title + "\n";
        int start = text.indexOf(heading);
        if (start < 0) {
            throw new AssertionError("there is no section " + title);
        }
        int end = text.indexOf("\n## ", start);
        return text.substring(start, end < 0 ? text.length() : end)
                .lines()
                .filter(line -> line.startsWith("|"))
                .skip(2)
                .map(Page::cells)
                .toList();
    }

    /** The first cells of that table. */
    List<String> column(String title) {
        return table(title).stream().map(row -> row.get(0)).toList();
    }

    private static List<String> cells(String row) {
        return Arrays.stream(row.substring(1, row.lastIndexOf('|')).split("\\|", -1))
                .map(String::strip)
                .toList();
    }
}
