// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The system with a fault planted in its source: one text in one file is another, compiled anew, and everything that is ours
 * is loaded again around it. So the code that runs in earnest needs no switch for faults.
 */
final class Mutant extends URLClassLoader {

    private static final String OURS = "io.rtmlocks.";
    private static final Path SOURCES = Path.of("src", "main", "java", "io", "rtmlocks");
    private static final Path TEST_SOURCES = Path.of("src", "test", "java", "io", "rtmlocks");

    /** A text that stands exactly once in a source file, and what stands there instead. */
    record Change(String file, String text, String instead) {}

    private Mutant(List<URL> classes) {
        super(classes.toArray(URL[]::new), Mutant.class.getClassLoader());
    }

    /** @param directory where it may write */
    static Mutant with(Path directory, Change... changes) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-nowarn", "-parameters", "-d"));
        arguments.add(directory.toString());
        arguments.add("-cp");
        arguments.add(System.getProperty("java.class.path"));
        Set<String> files = new LinkedHashSet<>();
        for (Change change : changes) {
            files.add(written(directory, change).toString());
        }
        arguments.addAll(files);
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        if (status != 0) {
            throw new IllegalArgumentException("does not compile: " + List.of(changes));
        }
        return new Mutant(urls(directory));
    }

    private static Path written(Path directory, Change change) throws IOException {
        Path mutant = directory.resolve("src").resolve(change.file);
        Path source = Stream.of(mutant, SOURCES.resolve(change.file), TEST_SOURCES.resolve(change.file))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow();
        String code = Files.readString(source);
        int first = code.indexOf(change.text);
        if (first < 0 || code.indexOf(change.text, first + 1) >= 0) {
            throw new IllegalArgumentException(source + " has not exactly once: " + change.text);
        }
        Files.createDirectories(requireNonNull(mutant.getParent()));
        return Files.writeString(mutant, code.replace(change.text, change.instead));
    }

    /** The changed classes first, then all that is on the class path as directories: our own. */
    private static List<URL> urls(Path directory) throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        urls.add(directory.toUri().toURL());
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (Files.isDirectory(Path.of(entry))) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        return urls;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    /** @return what one run of a seed breaks in this system, or null */
    @Nullable
    String brokenBy(long seed) throws ReflectiveOperationException {
        var run = loadClass(Simulation.class.getName()).getDeclaredMethod("brokenBy", long.class);
        run.setAccessible(true);
        return (String) run.invoke(null, seed);
    }
}
