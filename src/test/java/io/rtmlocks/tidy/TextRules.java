// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The rules that need no more than lines and names. Each answers with its findings. */
final class TextRules {
    static final int FILE_LINES_MAX = 400;
    static final int LINE_CHARS_MAX = 140;
    static final String LICENCE_LINE = "// SPDX-License-Identifier: Apache-2.0";

    /** What the repository's top holds, beside dot-files and the build's output. */
    private static final Set<String> TOP_LEVEL =
            Set.of("pom.xml", "src", "conf", "web-demo", "README.md", "LICENSE", "NOTICE", "target");

    private static final Pattern MARKER = Pattern.compile("\\b(TO[D]O|FIX[M]E|X[X]X)\\b");

    private TextRules() {}

    /** Files over the limit, unless listed with a reason; and listed ones that need no exception any more. */
    static List<String> longFiles(List<TextFile> files, Map<String, String> reasons) {
        Set<String> tooLong = files.stream()
                .filter(file -> file.lines().size() > FILE_LINES_MAX)
                .map(file -> file.path().toString())
                .collect(Collectors.toSet());
        Stream<String> unexplained = tooLong.stream()
                .filter(path -> !reasons.containsKey(path))
                .map(path -> "%s: over %d lines. Split it by what changes together.".formatted(path, FILE_LINES_MAX));
        Stream<String> outlived = reasons.keySet().stream()
                .filter(path -> !tooLong.contains(path))
                .map(path -> "%s: not over %d lines. Remove its exception.".formatted(path, FILE_LINES_MAX));
        return Stream.concat(unexplained, outlived).sorted().toList();
    }

    static List<String> wideLines(TextFile file) {
        return IntStream.range(0, file.lines().size())
                .filter(i -> file.lines().get(i).length() > LINE_CHARS_MAX)
                .mapToObj(i -> file.finding(i + 1, "over " + LINE_CHARS_MAX + " characters", "Break the line"))
                .toList();
    }

    static List<String> markers(TextFile file) {
        List<String> findings = new ArrayList<>();
        for (int i = 0; i < file.lines().size(); i++) {
            Matcher marker = MARKER.matcher(file.lines().get(i));
            if (marker.find()) {
                findings.add(file.finding(i + 1, marker.group(), "Do it now, or file an issue"));
            }
        }
        return findings;
    }

    static List<String> missingLicence(TextFile file) {
        boolean present = !file.lines().isEmpty() && file.lines().get(0).equals(LICENCE_LINE);
        return present ? List.of() : List.of(file.finding(1, "no licence line", "Begin with " + LICENCE_LINE));
    }

    static List<String> strangersAtTheTop(List<String> names) {
        return names.stream()
                .filter(name -> !TOP_LEVEL.contains(name) && !name.startsWith(".") && !name.endsWith(".iml"))
                .map(name -> name + ": not an entry of the top level. Put it under src, conf or web-demo.")
                .sorted()
                .toList();
    }

    /** Packages without a {@code package-info.java} that says what the package is and that its types are null-marked. */
    static List<String> unexplainedPackages(List<TextFile> files) {
        Map<String, List<TextFile>> packages = files.stream()
                .collect(Collectors.groupingBy(file -> file.path().getParent().toString()));
        return packages.entrySet().stream()
                .filter(entry -> entry.getValue().stream().noneMatch(TextRules::explainsPackage))
                .map(entry -> entry.getKey() + ": add a package-info.java with a sentence of Javadoc and @NullMarked.")
                .sorted()
                .toList();
    }

    private static boolean explainsPackage(TextFile file) {
        return file.name().equals("package-info.java")
                && file.lines().stream().anyMatch(line -> line.startsWith("/**"))
                && file.lines().contains("@NullMarked");
    }
}
