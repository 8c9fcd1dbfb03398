// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.js;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/** The TypeScript compiler, used as a checker of JavaScript that carries its types in JSDoc. */
final class TypeScript {
    private static final String ORIGIN = "META-INF/maven/org.webjars.npm/typescript/pom.properties";
    private static final String FILES = "META-INF/resources/webjars/typescript/";

    private final Path directory;

    private TypeScript(Path directory) {
        this.directory = directory;
    }

    /** Unpacks the compiler into a directory; only what it needs to run: itself and the libraries' declarations. */
    static TypeScript unpackedInto(Path directory) throws IOException {
        URL origin = Objects.requireNonNull(TypeScript.class.getClassLoader().getResource(ORIGIN), ORIGIN);
        JarURLConnection connection = (JarURLConnection) origin.openConnection();
        connection.setUseCaches(false);
        try (JarFile jar = connection.getJarFile()) {
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                unpack(jar, entries.nextElement(), directory);
            }
        }
        return new TypeScript(directory);
    }

    private static void unpack(JarFile jar, JarEntry entry, Path directory) throws IOException {
        String[] path = entry.getName().split("/lib/", 2);
        boolean needed = entry.getName().startsWith(FILES)
                && path.length == 2
                && (path[1].endsWith(".d.ts") || path[1].endsWith("tsc.js"));
        Path target = needed ? directory.resolve(path[1]) : directory;
        if (!needed || Files.exists(target) && Files.size(target) == entry.getSize()) {
            return;
        }
        Files.createDirectories(target.getParent());
        try (InputStream content = jar.getInputStream(entry)) {
            Files.write(target, content.readAllBytes());
        }
    }

    /**
     * Checks the named files under the options of a {@code tsconfig.json}.
     * The files are listed one by one: left to patterns, the compiler passes over {@code x.js} where {@code x.d.ts} stands beside it.
     */
    NodeRuntime.Outcome check(Path options, Collection<Path> files) throws IOException, InterruptedException {
        Path project = Files.createTempFile(directory, "check", ".json");
        try {
            String list = files.stream().map(TypeScript::quoted).collect(Collectors.joining(", "));
            Files.writeString(
                    project, "{\"extends\": %s, \"include\": [], \"files\": [%s]}".formatted(quoted(options), list));
            List<String> arguments = new ArrayList<>();
            arguments.add(directory.resolve("tsc.js").toString());
            arguments.addAll(List.of("--noEmit", "--allowJs", "--checkJs", "--strict", "--pretty", "false"));
            arguments.addAll(List.of("--project", project.toString()));
            return NodeRuntime.run(arguments);
        } finally {
            Files.delete(project);
        }
    }

    private static String quoted(Path path) {
        return '"' + path.toAbsolutePath().toString().replace("\\", "\\\\") + '"';
    }
}
